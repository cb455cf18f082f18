"""Asks PostgreSQL a question; any role that may read schema `lineage` can."""

from collections.abc import Mapping
from contextlib import closing
from typing import Any

from consumer.query.answer import Answer
from consumer.sql import query
from consumer.store.database import READING, connect, translated, where_of


def ask(database_url: str, statement: str, parameters: Mapping[str, Any]) -> Answer:
    """Return what a statement answers; raise StoreProblem, or NotFound with the nearest names."""
    with (
        closing(connect(database_url, READING)) as connection,
        translated(where_of(database_url)),
    ):
        cursor = connection.execute(query(statement), parameters)
        columns = [column.name for column in cursor.description or ()]
        return Answer(columns, cursor.fetchall())
