"""Fixtures are plugins, each a file of tests/fixtures."""

import os

import pytest

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
    "tests.fixtures.guarded_registry",
]


# First, for pytest-xdist reads the marks in the same hook.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what shares slow fixtures in one of pytest-xdist's processes: a file, or a folder."""
    for item in items:
        group = item.path.parent if item.path.parent.name == "sample_dags" else item.path
        item.add_marker(pytest.mark.xdist_group(str(group)))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name packed bytes by their argument: a test's name must be the same in every process."""
    return argname if isinstance(val, bytes) and not val.isascii() else None
