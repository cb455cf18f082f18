"""Decides where reading of a partition begins or goes on, and which of its lives that is.

A new life is read from its beginning: what was stored before is stored once all the same, since
equal events are one.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from psycopg.rows import class_row

from consumer.record import Bounds, Partition
from consumer.sql import query
from consumer.store.database import Connection, send
from consumer.store.offsets import read_offsets


class Cause(Enum):
    """Why a life begins; the values complete a message about the partition."""

    NEW = "is read for the first time"
    MADE_ANEW = "belongs to a topic that was deleted and made anew"
    TORN = "lost records that had been read"


class Life(NamedTuple):
    """A row of lineage_store.partitions, as far as it says where the store is."""

    id: int
    topic: str
    topic_id: str
    number: int
    life: int
    next_offset: int


class Gap(NamedTuple):
    """Offsets that Kafka deleted before they were read, without the last."""

    from_offset: int
    to_offset: int


@dataclass(frozen=True)
class Start:
    """Where a partition is read from; `cause` if that begins a life of it."""

    offset: int
    cause: Cause | None = None
    gap: Gap | None = None


@dataclass(frozen=True)
class TakenUp:
    """Where each partition is read from, and what was never read of topics made anew."""

    starts: Mapping[Partition, Start]
    lost: Mapping[Partition, Gap] = field(default_factory=dict)


class NewLife(NamedTuple):
    """A new row of lineage_store.partitions."""

    cluster_id: str
    topic: str
    topic_id: str
    number: int
    life: int
    first_offset: int


class SeenEnd(NamedTuple):
    """Where a partition ends."""

    cluster_id: str
    topic: str
    topic_id: str
    number: int
    end_offset: int


class GapRow(NamedTuple):
    """A row of lineage_store.gaps."""

    partition_id: int
    from_offset: int
    to_offset: int


def start_of(topic_id: str, bounds: Bounds, last: Life | None, is_followed: bool) -> Start:
    """Decide where a partition is read from.

    topic_id: the topic's id now; last: the partition's last life in the store, if it has one;
    is_followed: whether partitions of the topic were read before. Then all that a partition ever
    had was to be read, and what is not there any more is a gap. Else the store begins with what
    there is.
    """
    missed = Gap(0, bounds.first) if bounds.first > 0 else None
    if last is None:
        return Start(bounds.first, Cause.NEW, missed if is_followed else None)
    if topic_id and last.topic_id and topic_id != last.topic_id:
        return Start(bounds.first, Cause.MADE_ANEW, missed)
    if bounds.is_torn or (bounds.is_short and last.next_offset > bounds.end):
        return Start(bounds.first, Cause.TORN)
    if last.next_offset < bounds.first:
        return Start(bounds.first, gap=Gap(last.next_offset, bounds.first))
    return Start(last.next_offset)


def take_up(
    connection: Connection,
    cluster_id: str,
    bounds: Mapping[Partition, Bounds],
    seen_ends: Mapping[Partition, int],
) -> TakenUp:
    """Begin lives and note gaps where there are any, and return where to read.

    Partitions of a topic that has been made anew already are left out: whoever asks has old news.
    """
    connection.execute(query("offsets/lock_lives"))
    ends = [*seen_ends.items(), *((each, there.end) for each, there in bounds.items())]
    note_ends(connection, cluster_id, ends)
    lives = _read_lives(connection, cluster_id, {each.topic for each in bounds})
    followed = {each.topic for each in lives}
    last = {(each.topic, each.number): each for each in lives}
    before = {(each.topic, each.topic_id) for each in lives} - {
        (each.topic, each.topic_id) for each in last.values()
    }
    starts = {
        each: start_of(
            each.topic_id, there, last.get((each.topic, each.number)), each.topic in followed
        )
        for each, there in bounds.items()
        if (each.topic, each.topic_id) not in before
    }
    _begin(connection, cluster_id, starts, last)
    _note_gaps(connection, cluster_id, starts)
    anew = {each for each, start in starts.items() if start.cause is Cause.MADE_ANEW}
    return TakenUp(starts, _note_lost(connection, cluster_id, anew) if anew else {})


def note_ends(
    connection: Connection, cluster_id: str, ends: Iterable[tuple[Partition, int]]
) -> None:
    """Keep where partitions end, for the day on which their topic is deleted."""
    greatest: dict[Partition, int] = {}
    for partition, end in ends:
        greatest[partition] = max(end, greatest.get(partition, 0))
    rows = [SeenEnd(cluster_id, *partition, end) for partition, end in greatest.items()]
    send(connection, "offsets/note_ends", rows)


def _read_lives(connection: Connection, cluster_id: str, topics: Collection[str]) -> list[Life]:
    cursor = connection.cursor(row_factory=class_row(Life))
    parameters = {"cluster_id": cluster_id, "topics": list(topics)}
    return cursor.execute(query("offsets/read_lives"), parameters).fetchall()


def _begin(
    connection: Connection,
    cluster_id: str,
    starts: Mapping[Partition, Start],
    last: Mapping[tuple[str, int], Life],
) -> None:
    rows = []
    for partition, start in starts.items():
        if start.cause:
            before = last.get((partition.topic, partition.number))
            life = before.life + 1 if before else 1
            rows.append(NewLife(cluster_id, *partition, life, start.offset))
    send(connection, "offsets/begin", rows)


def _note_gaps(connection: Connection, cluster_id: str, starts: Mapping[Partition, Start]) -> None:
    """Keep the gaps, and move the offsets that are before one over it."""
    gaps = {each: start.gap for each, start in starts.items() if start.gap}
    stored = read_offsets(connection, cluster_id, gaps)
    rows = [GapRow(stored[each].id, *gap) for each, gap in gaps.items()]
    send(connection, "offsets/insert_gaps", rows)
    send(connection, "offsets/skip", rows)


def _note_lost(
    connection: Connection, cluster_id: str, anew: Collection[Partition]
) -> dict[Partition, Gap]:
    """Keep what was on topics before they were made anew and was never read; return it."""
    parameters = {
        "cluster_id": cluster_id,
        "topics": [each.topic for each in anew],
        "topic_ids": [each.topic_id for each in anew],
    }
    found = connection.execute(query("offsets/gaps_of_old"), parameters).fetchall()
    lost = {Partition(*row[:3]): GapRow(*row[3:]) for row in found}
    send(connection, "offsets/insert_gaps", list(lost.values()))
    return {each: Gap(row.from_offset, row.to_offset) for each, row in lost.items()}
