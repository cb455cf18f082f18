"""The one folder that holds everything the demo and the tests download, write and remember."""

import contextlib
import fcntl
import json
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from services.errors import DemoError

REPOSITORY = Path(__file__).resolve().parent.parent
STATE = REPOSITORY / ".state"
DOWNLOADS = STATE / "downloads"


@contextlib.contextmanager
def only_one(folder: Path, what: str) -> Iterator[None]:
    """Hold `folder` for this process; a second holder gets a DemoError that names the first."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise DemoError(
                f"{what} is already running as process {lock.read().strip()}: stop it first"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextlib.contextmanager
def waiting_lock(file: Path) -> Iterator[None]:
    """Wait until no other process holds `file`: for downloads that two may want at once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        # As servers do: a port in TIME_WAIT is no obstacle to them.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """Return `count` different loopback ports that nothing listens on."""
    with contextlib.ExitStack() as open_sockets:
        sockets = [open_sockets.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def port(folder: Path, name: str, wanted: int | None = None) -> int:
    """Return the port of service `name`: the one asked for, the one of last time, or a free one.

    It is kept in `folder`, since dataset names and users' bookmarks contain it.
    """
    file = folder / "ports.json"
    ports: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
    if wanted is not None and not is_free(wanted):
        raise DemoError(
            f"port {wanted} for {name} is in use: stop what listens there, or choose another"
        )
    kept = ports.get(name)
    chosen = wanted or (kept if kept and is_free(kept) else free_ports(1)[0])
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(ports | {name: chosen}))
    return chosen


def place_for_nobody(folder: Path) -> Path:
    """Return `folder`, or a stand-in in the temporary folder if the user nobody cannot reach it.

    PostgreSQL refuses to run as root, so root runs it as the user nobody, who may not be able to
    pass through the folders above the repository.
    """
    if os.geteuid() != 0 or all(
        parent.stat().st_mode & 0o001 for parent in folder.parents if parent.exists()
    ):
        return folder
    name = f"openlineage-avro-{sha256(str(folder).encode()).hexdigest()[:12]}"
    return Path(tempfile.gettempdir()) / name


def reset() -> None:
    """Remove the state folder and its stand-ins, downloads too: the next start is a first one."""
    with only_one(STATE, "the demo"):
        shutil.rmtree(place_for_nobody(STATE / "postgres"), ignore_errors=True)
    shutil.rmtree(STATE, ignore_errors=True)
