"""Makes partitions of events and packs, a month each.

What has none of its own lies in the default partition, where it costs more to be forgotten. Its
rows move in the transaction that makes the partition: readers see each of them once, before and
after, and wait only while the last of them move.
"""

import logging
from datetime import datetime
from typing import NamedTuple

from psycopg import sql

from consumer.maintain.session import Session

AHEAD = 3  # months after this one
# So many events of a month in the default partition make a partition of its own worth its while.
MANY_EVENTS = 10_000

log = logging.getLogger(__name__)


class Month(NamedTuple):
    """A partition to make: of which table, from when to when."""

    parent: str
    start: datetime
    finish: datetime

    @property
    def name(self) -> str:
        """The partition's name."""
        return f"{self.parent}_{self.start.year:04}_{self.start.month:02}"


def make_months(session: Session) -> None:
    """Make the partitions that are missing; raise StoreProblem where locks are not to be had."""
    missing = session.ask("maintain/missing_months", ahead=AHEAD, many=MANY_EVENTS)
    with session.progress("partitions", len(missing)) as progress:
        for row in progress.each(missing):
            if session.stop.is_set():
                return
            month = Month(*row)
            moved = _make(session, month)
            log.info("made partition %s; %d rows moved there", month.name, moved)
            if moved:
                for table in (f"{month.parent}_default", month.name):
                    session.define("maintain/vacuum", {"table": sql.Identifier(table)})


def _make(session: Session, month: Month) -> int:
    """Make a partition with the rows that the default one has of it; return their number."""
    parts: dict[str, sql.Composable] = {
        "parent": sql.Identifier(month.parent),
        "default": sql.Identifier(f"{month.parent}_default"),
        "month": sql.Identifier(month.name),
        "start": sql.Literal(month.start),
        "finish": sql.Literal(month.finish),
    }

    def attach() -> int:
        session.define("maintain/lock_month", parts)
        late = session.define("maintain/move_rows", parts)
        session.define("maintain/attach_month", parts)
        return late

    with session.connection.transaction():
        session.define("maintain/create_month", parts)
        moved = session.define("maintain/move_rows", parts)
        return moved + session.patiently(attach, f"lineage_store.{month.parent}")
