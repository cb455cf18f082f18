"""What a store tells of itself at little cost."""

from contextlib import closing
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from consumer.sql import query
from consumer.store.database import READING, connect, translated, where_of

STATEMENT_SECONDS = 10


class Figures(NamedTuple):
    """Sizes in bytes and numbers of records; months are None where no partition has one."""

    database_bytes: int
    first_month: datetime | None
    months_end: datetime | None
    events_in_default: int
    rejected: int
    gap_records: int


def figures_of(database_url: str) -> Figures:
    """Return the figures of a store, on a connection of its own; raise StoreProblem."""
    session = f"{READING} -c statement_timeout={STATEMENT_SECONDS * 1000}"
    with closing(connect(database_url, session)) as connection, translated(where_of(database_url)):
        cursor = connection.cursor(row_factory=class_row(Figures))
        (found,) = cursor.execute(query("watch/figures")).fetchall()
    return found
