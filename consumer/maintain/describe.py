"""Tells what a store is made of."""

from contextlib import closing
from datetime import datetime
from typing import NamedTuple

from consumer.sql import query
from consumer.store.database import connect, translated, where_of


class Description(NamedTuple):
    """How bodies are compressed, how many events there are, which months have partitions."""

    compression: str
    events: int
    events_in_default: int
    first_month: datetime | None
    last_month: datetime | None

    def __str__(self) -> str:
        """Return it for people, in two lines."""
        first, last = self.first_month, self.last_month
        months = f"{first:%Y-%m} to {last:%Y-%m}" if first and last else "none"
        return (
            f"events: {self.events}, bodies compressed with {self.compression}\n"
            f"partitions of months: {months};"
            f" {self.events_in_default} events in the default partition"
        )

    def as_dict(self) -> dict[str, str | int | None]:
        """Return it for programs; months as 2026-01."""
        return self._asdict() | {
            name: month and f"{month:%Y-%m}"
            for name, month in (("first_month", self.first_month), ("last_month", self.last_month))
        }


def describe(database_url: str) -> Description:
    """Return what a store is made of; raise StoreProblem."""
    with closing(connect(database_url)) as connection, translated(where_of(database_url)):
        (row,) = connection.execute(query("maintain/describe")).fetchall()
    return Description(*row)
