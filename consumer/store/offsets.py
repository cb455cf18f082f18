"""Keeps how far the store is on each partition, and what became of the records up to there.

These offsets are the only truth about what is stored: they change in the transaction that stores
the records.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from psycopg.rows import class_row

from consumer.errors import OffsetMoved
from consumer.sql import query
from consumer.store.database import Connection, send


class TopicKey(NamedTuple):
    """What names a topic among all clusters; the fields are parameters of the queries."""

    cluster_id: str
    topic: str


class Outcome(Enum):
    """What becomes of a record; the values are columns of lineage_store.partitions."""

    STORED = "stored"
    DUPLICATE = "duplicates"
    REJECTED = "rejected"
    TOMBSTONE = "tombstones"


@dataclass(frozen=True)
class StoredOffset:
    """Where the store is on a partition, and how many records became what up to there."""

    partition: int
    first_offset: int
    next_offset: int
    stored: int
    duplicates: int
    rejected: int
    tombstones: int


class Locked(NamedTuple):
    """A partition whose offset nobody else can change until the transaction ends."""

    partition_id: int
    next_offset: int


class Advance(NamedTuple):
    """A new offset, and how many records became what on the way to it."""

    partition_id: int
    next_offset: int
    stored: int
    duplicates: int
    rejected: int
    tombstones: int


def read_offsets(connection: Connection, topic: TopicKey) -> dict[int, StoredOffset]:
    """Return the stored offset of each partition that was ever read."""
    cursor = connection.cursor(row_factory=class_row(StoredOffset))
    rows = cursor.execute(query("offsets/read"), topic._asdict())
    return {row.partition: row for row in rows}


def create_offset(connection: Connection, topic: TopicKey, partition: int, offset: int) -> None:
    """Start a partition that was never read at `offset`, unless somebody has just done so."""
    parameters = {**topic._asdict(), "partition": partition, "offset": offset}
    connection.execute(query("offsets/create"), parameters)


def skip_gap(
    connection: Connection, topic: TopicKey, partition: int, from_offset: int, to_offset: int
) -> None:
    """Move an offset over records that Kafka deleted, and keep a record of that."""
    parameters = {
        **topic._asdict(),
        "partition": partition,
        "from_offset": from_offset,
        "to_offset": to_offset,
    }
    connection.execute(query("offsets/skip_gap"), parameters)


def lock_offsets(
    connection: Connection, topic: TopicKey, start: Mapping[int, int]
) -> dict[int, Locked]:
    """Lock the stored offsets of partitions; raise OffsetMoved where one is before its start."""
    parameters = {**topic._asdict(), "partitions": list(start)}
    rows = connection.execute(query("offsets/lock"), parameters)
    locked = {partition: Locked(number, offset) for partition, number, offset in rows}
    for partition, offset in start.items():
        stored = locked[partition].next_offset if partition in locked else None
        if stored is None or stored < offset:
            raise OffsetMoved(
                f"partition {partition}: expected stored offset {offset},"
                f" got {'none' if stored is None else stored}",
                retry=True,
            )
    return locked


def advance_offsets(
    connection: Connection,
    locked: Mapping[int, Locked],
    end: Mapping[int, int],
    counts: Mapping[tuple[int, Outcome], int],
) -> None:
    """Move the offsets of partitions to their end; `counts` are by partition and outcome."""
    moves = [
        Advance(
            partition_id=locked[partition].partition_id,
            next_offset=offset,
            **{outcome.value: counts.get((partition, outcome), 0) for outcome in Outcome},
        )
        for partition, offset in end.items()
        if offset > locked[partition].next_offset
    ]
    send(connection, "offsets/advance", moves)
