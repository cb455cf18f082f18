"""Keeps how far the store is on each partition, and what became of the records up to there.

These offsets are the only truth about what is stored: they change in the transaction that stores
the records.
"""

from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any, NamedTuple

from consumer.errors import OffsetMoved
from consumer.record import Partition
from consumer.sql import query
from consumer.store.database import Connection, send


class Outcome(Enum):
    """What becomes of a record; the values are columns of lineage_store.partitions."""

    STORED = "stored"
    DUPLICATE = "duplicates"
    REJECTED = "rejected"
    TOMBSTONE = "tombstones"


class StoredOffset(NamedTuple):
    """Where the store is on a partition, and how many records became what up to there."""

    id: int
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


def read_offsets(
    connection: Connection, cluster_id: str, partitions: Collection[Partition]
) -> dict[Partition, StoredOffset]:
    """Return the stored offset of each of some partitions that was ever read."""
    rows = connection.execute(query("offsets/read"), _wanted(cluster_id, partitions))
    return {Partition(*row[:3]): StoredOffset(*row[3:]) for row in rows}


def lock_offsets(
    connection: Connection, cluster_id: str, start: Mapping[Partition, int]
) -> dict[Partition, Locked]:
    """Lock the stored offsets of partitions; raise OffsetMoved where one is before its start."""
    rows = connection.execute(query("offsets/lock"), _wanted(cluster_id, start))
    locked = {Partition(*row[:3]): Locked(*row[3:]) for row in rows}
    for partition, offset in start.items():
        stored = locked[partition].next_offset if partition in locked else None
        if stored is None or stored < offset:
            raise OffsetMoved(
                f"{partition}: expected stored offset {offset},"
                f" got {'none' if stored is None else stored}",
                retry=True,
            )
    return locked


def advance_offsets(
    connection: Connection,
    locked: Mapping[Partition, Locked],
    end: Mapping[Partition, int],
    counts: Mapping[tuple[Partition, Outcome], int],
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


def _wanted(cluster_id: str, partitions: Collection[Partition]) -> dict[str, Any]:
    """Return parameters that name partitions, for lineage_store.life_of."""
    return {
        "cluster_id": cluster_id,
        "topic": [each.topic for each in partitions],
        "topic_id": [each.topic_id for each in partitions],
        "number": [each.number for each in partitions],
    }
