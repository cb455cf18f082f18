"""A record as Kafka gave it, and what the topic's source returns at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class Record(NamedTuple):
    """A record as Kafka gave it; `timestamp` in milliseconds since 1970, -1 for none."""

    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    value: bytes | None

    @property
    def time(self) -> datetime | None:
        """The timestamp in UTC; None where there is none that PostgreSQL can hold."""
        try:
            return EPOCH + timedelta(milliseconds=self.timestamp) if self.timestamp >= 0 else None
        except OverflowError:
            return None


@dataclass(frozen=True)
class Polled:
    """Records that were read at once, and the next offset of each partition before and after.

    `start` and `end` have the same partitions. Some may have no records: what marks the end of a
    transaction takes an offset, too.
    """

    records: list[Record]
    start: dict[int, int]
    end: dict[int, int]
