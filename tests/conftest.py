"""Fixtures are plugins, each a file of tests/fixtures."""

import os

from services.state import STATE

# Where Python may not write bytecode beside its modules, each of the hundreds of processes that
# tests start would compile all of them anew.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    os.environ["PYTHONPYCACHEPREFIX"] = str(STATE / "bytecode")

pytest_plugins = [
    "tests.fixtures.services",
    "tests.fixtures.stores",
    "tests.fixtures.api",
    "tests.fixtures.browser",
    "tests.fixtures.sample_dags",
    "tests.fixtures.guarded_registry",
]
