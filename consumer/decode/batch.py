"""Records of a topic on their way from Kafka to the store, with the positions they move."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from consumer.decode.decode import Decoded, Rejection, decode
from openlineage_avro.schema_registry import SchemaOf, without_registry

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
class Batch:
    """Records, what was read in each, and where each partition was before and is after them."""

    records: list[Record]
    contents: list[Decoded | Rejection | None]  # None: a record without a value
    start: dict[int, int]
    end: dict[int, int]

    def halves(self) -> "tuple[Batch, Batch]":
        """Return two batches that move the same positions one after the other."""
        middle = len(self.records) // 2
        first, second = self.records[:middle], self.records[middle:]
        reached = dict(self.start) | {record.partition: record.offset + 1 for record in first}
        waiting = {record.partition for record in second}
        between = {p: reached[p] if p in waiting else end for p, end in self.end.items()}
        return (
            Batch(first, self.contents[:middle], self.start, between),
            Batch(second, self.contents[middle:], between, self.end),
        )

    def refused(self, reason: str) -> "Batch":
        """Return this batch of one record with its event rejected."""
        content = self.contents[0]
        framing = content.framing if content else "unknown"
        return Batch(self.records, [Rejection(reason, framing)], self.start, self.end)


def batch_of(
    records: list[Record],
    start: dict[int, int],
    end: dict[int, int],
    schema_of: SchemaOf = without_registry,
) -> Batch:
    """Return a batch with every record's value decoded; raise RegistryProblem."""
    contents = [None if each.value is None else decode(each.value, schema_of) for each in records]
    return Batch(records, contents, start, end)
