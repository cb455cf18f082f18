"""Every statement is in a file of its own, is used, and tells what it is for."""

from pathlib import Path

import pytest

import consumer
from consumer import sql

PROGRAM = "".join(file.read_text() for file in Path(consumer.__file__).parent.rglob("*.py"))
QUERIES = sql.FOLDER / "queries"
NAMES = sorted(str(file.relative_to(QUERIES).with_suffix("")) for file in QUERIES.rglob("*.sql"))


@pytest.mark.parametrize("name", NAMES)
def test_every_query_is_used_and_explained(name: str) -> None:
    assert sql.query(name).startswith("-- ")
    assert f'"{name}"' in PROGRAM


def test_every_query_is_in_a_folder_of_its_subject() -> None:
    assert len(NAMES) > 30
    assert all("/" in name for name in NAMES)


def test_migrations_are_numbered_without_gaps() -> None:
    assert [version for version, _, _ in sql.migrations()] == [
        number + 1 for number in range(len(sql.migrations()))
    ]
