"""Records of a topic with what was read in them, on their way to the store."""

from dataclasses import dataclass

from consumer.decode.decode import Decoded, Kind, Rejection, decode
from consumer.record import Partition, Polled, Record
from openlineage_avro.schema_registry import SchemaOf, without_registry

Content = Decoded | Rejection | None  # None: a record without a value


@dataclass(frozen=True)
class Batch:
    """Records, the content of each, and each partition's next offset before and after them."""

    records: list[Record]
    contents: list[Content]
    start: dict[Partition, int]
    end: dict[Partition, int]

    def halves(self) -> "tuple[Batch, Batch]":
        """Return two batches that move the same offsets one after the other."""
        middle = len(self.records) // 2
        first, second = Polled(self.records, self.start, self.end).split(middle)
        return (
            Batch(first.records, self.contents[:middle], first.start, first.end),
            Batch(second.records, self.contents[middle:], second.start, second.end),
        )

    def rejected(self) -> dict[str, list[Record]]:
        """Return the records that hold no event, by the reason."""
        by_reason: dict[str, list[Record]] = {}
        for record, content in zip(self.records, self.contents, strict=True):
            if isinstance(content, Rejection):
                by_reason.setdefault(content.reason, []).append(record)
        return by_reason

    def refused(self, reason: str) -> "Batch":
        """Return this batch of one record with its event rejected."""
        content = self.contents[0]
        framing = content.framing if content else "unknown"
        return Batch(
            self.records, [Rejection(reason, framing, Kind.POSTGRESQL)], self.start, self.end
        )


def decode_batch(polled: Polled, schema_of: SchemaOf = without_registry) -> Batch:
    """Return what was polled with every record's value decoded; raise RegistryProblem."""
    contents = [
        None if record.value is None else decode(record.value, schema_of)
        for record in polled.records
    ]
    return Batch(polled.records, contents, polled.start, polled.end)
