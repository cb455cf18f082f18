"""A record as Kafka gave it, and what the source returns at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class Partition(NamedTuple):
    """A partition of a topic in one of the topic's lives.

    A topic that is deleted and made again under its name gets another id from Kafka (KIP-516),
    written here as Kafka's tools write it; empty where the brokers tell none (before 2.8).
    """

    topic: str
    topic_id: str
    number: int

    def __str__(self) -> str:
        """Return what messages call it."""
        return f"partition {self.number} of {self.topic}"


class Bounds(NamedTuple):
    """What Kafka has of a partition: the offsets from `first` up to, without it, `end`.

    `is_torn`: what was read of it last is not on it any more, though its offset may be.
    `is_short`: that the stored offset is beyond `end` means that Kafka lost records; it does not
    where the offset was not there yet when Kafka was asked, for another consumer stores as well.
    """

    first: int
    end: int
    is_torn: bool = False
    is_short: bool = True


class Record(NamedTuple):
    """A record as Kafka gave it; `timestamp` in milliseconds since 1970, -1 for none."""

    partition: Partition
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
    start: dict[Partition, int]
    end: dict[Partition, int]

    def parts(self, most_bytes: int) -> "Iterator[Polled]":
        """Yield it in parts one after the other, each of one record or at most so many bytes."""
        size, count, rest = 0, 0, self
        for record in self.records:
            more = len(record.value or b"")
            if count and size + more > most_bytes:
                part, rest = rest.split(count)
                yield part
                size, count = 0, 0
            size, count = size + more, count + 1
        yield rest

    def split(self, count: int) -> "tuple[Polled, Polled]":
        """Return the first records and the rest, which move the same offsets one after the other.

        Records of a partition are in the order of their offsets.
        """
        first, second = self.records[:count], self.records[count:]
        reached = dict(self.start) | {record.partition: record.offset + 1 for record in first}
        waiting = {record.partition for record in second}
        between = {p: reached[p] if p in waiting else end for p, end in self.end.items()}
        return Polled(first, self.start, between), Polled(second, between, self.end)
