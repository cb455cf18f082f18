"""Starts a command of this folder in an environment of its own that has Spark and its jars.

The first start makes it, from requirements/lakehouse.txt and lakehouse-jars.txt.
"""

import os
from pathlib import Path
from typing import NoReturn

from lakehouse.options import JARS_FOLDER
from services import java, maven
from services.environment import environment
from services.errors import DemoError
from services.state import DOWNLOADS, REPOSITORY

LOCK = REPOSITORY / "requirements" / "lakehouse.txt"
JARS = REPOSITORY / "requirements" / "lakehouse-jars.txt"


def jars() -> Path:
    """Return the folder of the jars that Spark lacks; the first call fetches them (58 MB)."""
    folder = DOWNLOADS / "lakehouse-jars"
    maven.fetch(maven.read_jars(JARS), folder)
    return folder


def restart(module: str, arguments: list[str]) -> NoReturn:
    """Start `python -m module` anew where Spark is, in place of this process.

    Raises DemoError where Java is missing, or what is needed cannot be fetched.
    """
    java_home = _java_home()
    python = environment(LOCK) / "bin" / "python"
    paths = [str(REPOSITORY), *filter(None, [os.environ.get("PYTHONPATH")])]
    settings = {
        "PYTHONPATH": os.pathsep.join(paths),
        "PYSPARK_PYTHON": str(python),
        "JAVA_HOME": str(java_home),
        JARS_FOLDER: str(jars()),
    }
    os.execve(python, [str(python), "-m", module, *arguments], os.environ | settings)


def _java_home() -> Path:
    found = java.machines_java()
    if found is None:
        raise DemoError(
            f"expected Java {java.OLDEST} or later, which Spark runs on, and found none: install"
            " one, or let JAVA_HOME name it"
        )
    return found.resolve().parent.parent
