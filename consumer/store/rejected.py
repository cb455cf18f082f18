"""Rejected records: which there are, and what becomes of those that can be read by now."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from consumer.decode.batch import Content
from consumer.decode.decode import Decoded, Rejection
from consumer.decode.text import storable_text
from consumer.record import Record
from consumer.sql import query
from consumer.store.database import (
    Connection,
    connect,
    despite_conflicts,
    send,
    translated,
    where_of,
)
from consumer.store.derived import Known
from consumer.store.events import write_entries
from consumer.store.offsets import Outcome

PAGE = 500


class Selection(NamedTuple):
    """Which rejected records are meant: those that have all that is not None."""

    topic: str | None = None
    partition: int | None = None
    offset: int | None = None
    reason: str | None = None  # a part of it


class RejectedRecord(NamedTuple):
    """A row of lineage.rejected, with the id of its partition."""

    partition_id: int
    topic: str
    partition: int
    record_offset: int
    record_time: datetime | None
    rejected_at: datetime
    framing: str
    reason: str
    key: bytes | None
    header_names: list[str]
    header_values: list[bytes | None]
    value: bytes

    def as_record(self) -> Record:
        """Return it as Kafka gave it; its partition is the store's id."""
        sent = -1 if self.record_time is None else round(self.record_time.timestamp() * 1000)
        headers = list(zip(self.header_names, self.header_values, strict=True))
        return Record(self.partition_id, self.record_offset, sent, self.key, headers, self.value)


class Place(NamedTuple):
    """What tells a rejected record from all others."""

    partition_id: int
    record_offset: int


class Reason(NamedTuple):
    """Why a record is still rejected."""

    partition_id: int
    record_offset: int
    reason: str


class Recount(NamedTuple):
    """What became of a partition's records that were rejected before."""

    partition_id: int
    stored: int
    duplicates: int


class RejectedRecords:
    """The rejected records of a store."""

    def __init__(self, database_url: str) -> None:
        """Connect; raise StoreProblem."""
        self._where = where_of(database_url)
        self._connection = connect(database_url)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def select(self, selection: Selection) -> Iterator[list[RejectedRecord]]:
        """Yield a selection in pages, in the order of offsets."""
        after = Place(-1, -1)
        while page := self._page(selection, after):
            yield page
            after = Place(page[-1].partition_id, page[-1].record_offset)

    def drop(self, selection: Selection) -> int:
        """Delete a selection; return how many records that were."""
        with translated(self._where), self._connection.transaction():
            return self._connection.execute(query("rejected/drop"), selection._asdict()).rowcount

    def store(
        self, records: Sequence[RejectedRecord], contents: Sequence[Content]
    ) -> Counter[Outcome]:
        """Store what has become readable, and note why the rest has not; return what became.

        In one transaction; records that somebody else has dealt with meanwhile are left out.
        Raises EventRefused where PostgreSQL cannot hold one of the events.
        """
        return despite_conflicts(lambda: self._store_all(records, contents))

    def _store_all(
        self, records: Sequence[RejectedRecord], contents: Sequence[Content]
    ) -> Counter[Outcome]:
        with translated(self._where), self._connection.transaction():
            places = [Place(each.partition_id, each.record_offset) for each in records]
            there = {Place(*row) for row in send(self._connection, "rejected/lock", places)}
            entries = [
                (record.as_record(), content)
                for record, place, content in zip(records, places, contents, strict=True)
                if place in there
            ]
            return self._store(self._connection, entries)

    def _store(
        self, connection: Connection, entries: Sequence[tuple[Record, Content]]
    ) -> Counter[Outcome]:
        readable = [(record, each) for record, each in entries if isinstance(each, Decoded)]
        ids = {record.partition: record.partition for record, _ in readable}
        outcomes = write_entries(connection, Known(), readable, ids)
        send(connection, "rejected/delete", [Place(r.partition, r.offset) for r, _ in readable])
        reasons = [
            Reason(record.partition, record.offset, storable_text(each.reason))
            for record, each in entries
            if isinstance(each, Rejection)
        ]
        send(connection, "rejected/explain", reasons)
        by_partition = Counter(
            (record.partition, outcome)
            for (record, _), outcome in zip(readable, outcomes, strict=True)
        )
        recounts = [
            Recount(each, by_partition[each, Outcome.STORED], by_partition[each, Outcome.DUPLICATE])
            for each in ids
        ]
        send(connection, "rejected/recount", recounts)
        return Counter(outcomes) + Counter({Outcome.REJECTED: len(reasons)})

    def _page(self, selection: Selection, after: Place) -> list[RejectedRecord]:
        parameters = {
            **selection._asdict(),
            "after_partition": after.partition_id,
            "after_offset": after.record_offset,
            "limit": PAGE,
        }
        cursor = self._connection.cursor(row_factory=class_row(RejectedRecord))
        with translated(self._where):
            return cursor.execute(query("rejected/select"), parameters).fetchall()
