"""Every statement is in a file of its own, is used, and tells what it is for."""

from pathlib import Path

import pytest

import consumer
from consumer import sql

PROGRAM = "".join(file.read_text() for file in Path(consumer.__file__).parent.rglob("*.py"))
TABLES = ("runs", "jobs", "datasets")


@pytest.mark.parametrize("name", [file.stem for file in (sql.FOLDER / "queries").glob("*.sql")])
def test_every_query_is_used_and_explained(name: str) -> None:
    assert sql.query(name).startswith("-- ")
    patterns = [name, *(name.replace(table, "{table}") for table in TABLES)]
    assert any(f'"{pattern}"' in PROGRAM for pattern in patterns)


def test_migrations_are_numbered_without_gaps() -> None:
    assert [version for version, _, _ in sql.migrations()] == [
        number + 1 for number in range(len(sql.migrations()))
    ]
