"""What a store tells of itself at little cost."""

from contextlib import closing
from datetime import datetime
from typing import NamedTuple, TypeVar

from psycopg.rows import class_row

from consumer.sql import query
from consumer.store.database import READING, connect, translated, where_of

STATEMENT_SECONDS = 10
Shape = TypeVar("Shape", "Figures", "Growth")


class Figures(NamedTuple):
    """Sizes in bytes and numbers of records; months are None where no partition has one."""

    database_bytes: int
    first_month: datetime | None
    months_end: datetime | None
    events_in_default: int
    rejected: int
    gap_records: int


class Growth(NamedTuple):
    """What events take, in bytes, and how many came in the last whole days, seven at most."""

    table_bytes: int
    events: int
    recent_events: int
    recent_days: int

    @property
    def events_a_day(self) -> float:
        """Events of a whole day; 0 where there was none yet."""
        return self.recent_events / self.recent_days if self.recent_days else 0.0

    @property
    def bytes_a_day(self) -> float:
        """What they take, as those do that are kept."""
        return self.events_a_day * self.table_bytes / max(self.events, 1)


def figures_of(database_url: str) -> Figures:
    """Return the figures of a store, on a connection of its own; raise StoreProblem."""
    return _asked(database_url, "watch/figures", Figures)


def growth_of(database_url: str) -> Growth:
    """Return how fast a store grows, on a connection of its own; raise StoreProblem."""
    return _asked(database_url, "watch/growth", Growth)


def _asked(database_url: str, question: str, shape: type[Shape]) -> Shape:
    session = f"{READING} -c statement_timeout={STATEMENT_SECONDS * 1000}"
    with closing(connect(database_url, session)) as connection, translated(where_of(database_url)):
        cursor = connection.cursor(row_factory=class_row(shape))
        (found,) = cursor.execute(query(question)).fetchall()
    return found
