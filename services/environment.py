"""A Python environment beside our own, for programs that need other versions than we do."""

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from services.process import run
from services.state import DOWNLOADS, waiting_lock

UV = [sys.executable, "-m", "uv"]


def interpreter(version: str) -> Path | None:
    """Return a Python that the machine has, such as 3.12, on PATH or of pyenv; else None."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = [shutil.which(f"python{version}"), *pyenv.glob(f"versions/{version}.*/bin/python")]
    # Of versions that are not chosen pyenv has a program on PATH, too: one that fails.
    return next((Path(each) for each in found if each and _runs(each)), None)


def _runs(python: str | Path) -> bool:
    return subprocess.run([python, "-c", ""], capture_output=True).returncode == 0


def environment(lock: Path, python: str | None = None) -> Path:
    """Return the folder of an environment with `lock` installed; the first call makes it.

    `python` is an interpreter or a version that uv looks for; without it ours is taken. Raises
    DemoError.
    """
    made_of = lock.read_bytes() + (python or sys.version).encode()
    folder = DOWNLOADS / f"{lock.stem}-{sha256(made_of).hexdigest()[:16]}"
    with waiting_lock(folder.with_suffix(".lock")):
        done = folder / "installed"
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            log = folder.with_suffix(".log")
            make = [*UV, "venv", "-q", "--python", python or sys.executable, str(folder)]
            run(make, log, f"uv could not make an environment for {lock.stem}")
            # Compiled now, for Airflow 2 imports everything anew for each task.
            sync = [*UV, "pip", "sync", "-q", "--compile-bytecode", "--require-hashes"]
            run([*sync, "--python", str(folder), str(lock)], log, f"could not install {lock.stem}")
            done.touch()
    return folder
