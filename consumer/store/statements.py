"""Runs statements whose parameters are the columns of rows."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from consumer.sql import query
from consumer.store.database import Connection


def send(connection: Connection, name: str, rows: Sequence[NamedTuple]) -> list[tuple[Any, ...]]:
    """Run a query on rows whose fields are its parameters; return its answer, if it has one.

    Each field is sent as one array, for unnest. Without rows nothing is sent.
    """
    if not rows:
        return []
    columns = map(list, zip(*rows, strict=True))
    cursor = connection.execute(query(name), dict(zip(rows[0]._fields, columns, strict=True)))
    return cursor.fetchall() if cursor.description else []
