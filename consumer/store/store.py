"""Writes a batch in one transaction: events, all that is derived, rejected records, positions.

Positions in PostgreSQL are the only truth about what is stored. A transaction locks and compares
them first, so records that another consumer stored in the meantime are dropped, and a kill at any
point leaves either the whole batch or nothing.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from consumer.decode.batch import Batch, Record
from consumer.decode.decode import Decoded, Rejection
from consumer.errors import EventRefused, PositionMoved
from consumer.rows.keys import storable_text
from consumer.rows.rows import keys_of, rows_of
from consumer.sql import query
from consumer.store.database import Connection, connect, translated, where_of
from consumer.store.derived import write_derived

COUNTERS = ("stored", "duplicates", "rejected", "tombstones")


@dataclass(frozen=True)
class Position:
    """Where the store is on a partition, and what became of the records up to there."""

    partition: int
    next_offset: int
    stored: int
    duplicates: int
    rejected: int
    tombstones: int
    first_offset: int


class Store:
    """The store's side of one topic: one connection, one batch after the other."""

    def __init__(self, database_url: str, cluster_id: str, topic: str) -> None:
        """Connect; raise StoreProblem."""
        self._database_url = database_url
        self._where = where_of(database_url)
        self._topic = {"cluster_id": cluster_id, "topic": topic}
        self._connection = connect(database_url)

    def reconnect(self) -> None:
        """Drop the connection, whatever its state, and make another."""
        self.close()
        self._connection = connect(self._database_url)

    def close(self) -> None:
        """Close the connection; an open transaction is lost."""
        self._connection.close()

    def positions(self) -> dict[int, Position]:
        """Return the stored position of each partition of the topic."""
        with translated(self._where):
            rows = self._connection.execute(query("offsets/read"), self._topic).fetchall()
        return {row[0]: Position(*row) for row in rows}

    def create_position(self, partition: int, offset: int) -> None:
        """Start a partition that was never read at `offset`, unless somebody has just done so."""
        self._execute("offsets/create", partition=partition, offset=offset)

    def record_gap(self, partition: int, from_offset: int, to_offset: int) -> None:
        """Move a position over records that Kafka deleted, and keep a record of that."""
        self._execute(
            "offsets/skip_gap", partition=partition, from_offset=from_offset, to_offset=to_offset
        )

    def write(self, batch: Batch) -> None:
        """Store a batch exactly once; an event that PostgreSQL cannot hold is rejected alone.

        Raises StoreProblem, whose `retry` says whether writing the same batch again may help, and
        PositionMoved where the stored position is behind the batch.
        """
        try:
            with translated(self._where), self._connection.transaction():
                self._write(batch)
        except EventRefused as exc:
            if not batch.records:
                raise
            if len(batch.records) == 1:
                if isinstance(batch.contents[0], Rejection):
                    raise
                self.write(batch.refused(str(exc)))
                return
            for half in batch.halves():
                self.write(half)

    def _execute(self, name: str, **parameters: Any) -> None:
        with translated(self._where), self._connection.transaction():
            self._connection.execute(query(name), self._topic | parameters)

    def _write(self, batch: Batch) -> None:
        connection = self._connection
        connection.execute(query("events/lock"))
        places = self._lock_positions(batch)
        counts = {partition: Counter[str]() for partition in batch.end}
        events: list[tuple[Record, Decoded]] = []
        for record, content in zip(batch.records, batch.contents, strict=True):
            partition_id, next_offset = places[record.partition]
            if record.offset < next_offset:
                continue
            if isinstance(content, Decoded):
                events.append((record, content))
            elif isinstance(content, Rejection):
                _insert_rejected(connection, partition_id, record, content)
                counts[record.partition]["rejected"] += 1
            else:
                counts[record.partition]["tombstones"] += 1
        new = _without_duplicates(connection, events)
        for record, _ in events:
            counts[record.partition]["duplicates"] += 1
        for record, _ in new:
            counts[record.partition]["duplicates"] -= 1
            counts[record.partition]["stored"] += 1
        _insert_events(connection, places, new)
        self._advance(batch, places, counts)

    def _lock_positions(self, batch: Batch) -> dict[int, tuple[int, int]]:
        """Return (id, next_offset) of each partition of the batch."""
        parameters = self._topic | {"partitions": list(batch.end)}
        rows = self._connection.execute(query("offsets/lock"), parameters).fetchall()
        places = {partition: (number, offset) for partition, number, offset in rows}
        for partition, start in batch.start.items():
            stored = places.get(partition)
            if stored is None or stored[1] < start:
                raise PositionMoved(
                    f"partition {partition}: expected stored position {start},"
                    f" got {stored[1] if stored else 'none'}",
                    retry=True,
                )
        return places

    def _advance(
        self, batch: Batch, places: dict[int, tuple[int, int]], counts: dict[int, Counter[str]]
    ) -> None:
        partitions = [p for p, end in batch.end.items() if end > places[p][1]]
        columns: dict[str, list[int]] = {
            name: [counts[partition][name] for partition in partitions] for name in COUNTERS
        }
        columns["ids"] = [places[partition][0] for partition in partitions]
        columns["next_offsets"] = [batch.end[partition] for partition in partitions]
        if partitions:
            self._connection.execute(query("offsets/advance"), columns)


def _without_duplicates(
    connection: Connection, events: Iterable[tuple[Record, Decoded]]
) -> list[tuple[Record, Decoded]]:
    """Return the events that are not stored yet, each once."""
    first: dict[str, tuple[Record, Decoded]] = {}
    for record, event in events:
        first.setdefault(event.hash, (record, event))
    if not first:
        return []
    parameters = {
        "event_time": [event.time for _, event in first.values()],
        "hash": list(first),
    }
    for (stored,) in connection.execute(query("events/find_stored"), parameters):
        del first[stored]
    return list(first.values())


def _insert_events(
    connection: Connection,
    places: dict[int, tuple[int, int]],
    events: list[tuple[Record, Decoded]],
) -> None:
    if not events:
        return
    ids = write_derived(connection, rows_of(event for _, event in events))
    columns: dict[str, list[Any]] = {name: [] for name in EVENT_COLUMNS}
    for record, event in events:
        run, job, dataset = keys_of(event)
        row = (
            *(event.time, event.hash, event.kind, event.type),
            *(ids.runs.get(run), ids.jobs.get(job), ids.datasets.get(dataset)),
            *(places[record.partition][0], record.offset, record.time, len(record.value or b"")),
            *(event.framing, event.json, None if event.is_exact else record.value),
        )
        for column, value in zip(columns.values(), row, strict=True):
            column.append(value)
    connection.execute(query("events/insert"), columns)


EVENT_COLUMNS = (
    *("event_time", "hash", "kind", "event_type", "run_id", "job_id", "dataset_id"),
    *("partition_id", "record_offset", "record_time", "record_bytes", "framing", "event", "raw"),
)


def _insert_rejected(
    connection: Connection, partition_id: int, record: Record, rejection: Rejection
) -> None:
    parameters = {
        "partition_id": partition_id,
        "offset": record.offset,
        "reason": storable_text(rejection.reason),
        "framing": rejection.framing,
        "record_time": record.time,
        "key": record.key,
        "header_names": [storable_text(name) for name, _ in record.headers],
        "header_values": [value for _, value in record.headers],
        "value": record.value,
    }
    connection.execute(query("events/insert_rejected"), parameters)
