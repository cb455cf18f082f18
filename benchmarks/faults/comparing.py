"""Compares what is stored with what is on the topic, and with a store that nothing happened to."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import psycopg
from kafka import KafkaConsumer, TopicPartition

from benchmarks import stage
from benchmarks.faults.services import PARTITIONS, TOPIC
from consumer.decode.decode import Decoded, decode
from tests.support.storing import DERIVED

Place = tuple[int, int]  # partition and offset
COUNTERS = """SELECT partition, first_offset, next_offset, stored, duplicates, rejected, tombstones
    FROM lineage.partitions ORDER BY partition"""


@dataclass
class Topic:
    """What is on the topic."""

    ends: dict[int, int]  # partition -> offset
    events: Counter[UUID] = field(default_factory=Counter)  # how often each came
    bad: set[Place] = field(default_factory=set)  # records that are no event
    tombstones: int = 0


def read_topic(servers: str) -> Topic:
    """Read the whole topic."""
    reader = KafkaConsumer(bootstrap_servers=servers, auto_offset_reset="earliest")
    topic = Topic(_ends(reader))
    places = [TopicPartition(TOPIC, number) for number in topic.ends]
    reader.assign(places)
    while any(reader.position(place) < topic.ends[place.partition] for place in places):
        for place, polled in reader.poll(timeout_ms=1000).items():
            for record in polled:
                _count(topic, (place.partition, record.offset), record.value)
    reader.close()
    return topic


def records_on_topic(servers: str) -> int:
    """Return how many records are on the topic."""
    reader = KafkaConsumer(bootstrap_servers=servers)
    try:
        return sum(_ends(reader).values())
    finally:
        reader.close()


def _ends(reader: KafkaConsumer) -> dict[int, int]:
    places = [TopicPartition(TOPIC, number) for number in range(PARTITIONS)]
    return {at.partition: end for at, end in reader.end_offsets(places).items()}


def _count(topic: Topic, place: Place, value: bytes | None) -> None:
    content = None if value is None else decode(value)
    if content is None:
        topic.tombstones += 1
    elif isinstance(content, Decoded):
        topic.events[content.hash] += 1
    else:
        topic.bad.add(place)


def has_reached(url: str, ends: dict[int, int]) -> bool:
    """Tell whether the stored offsets are at the ends of all partitions."""
    current = "SELECT partition, next_offset FROM lineage.partitions WHERE is_current"
    stored = stage.rows(url, current)
    return {int(number): int(offset) for number, offset in stored} == ends


@dataclass(frozen=True)
class Outcome:
    """How the store differs from the topic."""

    events: int  # distinct ones on the topic
    lost: int
    doubled: int
    faults: list[str]  # what else is not as it must be, a line each


def compare(url: str, topic: Topic) -> Outcome:
    """Compare a store with the topic."""
    stored = Counter(row[0] for row in stage.rows(url, "SELECT event_id FROM lineage.events"))
    return Outcome(
        events=len(topic.events),
        lost=len(topic.events.keys() - stored.keys()),
        doubled=stored.total() - len(stored),
        faults=[*_faults(url, topic, len(stored.keys() - topic.events.keys()))],
    )


def _faults(url: str, topic: Topic, unknown: int) -> Iterator[str]:
    if unknown:
        yield f"{unknown} stored events are not on the topic"
    totals: Counter[str] = Counter()
    names = ("stored", "duplicates", "rejected", "tombstones")
    for partition, first, end, *counts in stage.rows(url, COUNTERS):
        totals.update(dict(zip(names, counts, strict=True)))
        if (first, end) != (0, topic.ends[partition]) or sum(counts) != end:
            counted = f"{sum(counts)} records counted from {first} to {end}"
            yield f"partition {partition}: {counted}, on the topic are {topic.ends[partition]}"
    distinct = len(topic.events)
    expected = (distinct, topic.events.total() - distinct, len(topic.bad), topic.tombstones)
    if totals != Counter(dict(zip(names, expected, strict=True))):
        yield f"counted {dict(totals)}, on the topic are {expected}"
    rejected = stage.rows(url, "SELECT partition, record_offset FROM lineage.rejected")
    if sorted(rejected) != sorted(topic.bad):
        yield f"{len(rejected)} records are rejected, {len(topic.bad)} on the topic are no event"


def differing_views(url: str, other: str) -> list[str]:
    """Return what is derived and not the same in two stores: views, and the history of facets."""
    one, two = _digests(url), _digests(other)
    return [name for name in one if one[name] != two[name]]


def _digests(url: str) -> dict[str, tuple[int, int]]:
    """Return the number of rows of each answer, and the sum of their hashes."""
    with psycopg.connect(url, options="-c timezone=UTC -c jit=off") as connection:
        return {name: _digest(connection, query) for name, query in DERIVED.items()}


def _digest(connection: psycopg.Connection[stage.Row], query: str) -> tuple[int, int]:
    digest = f"""SELECT count(*), coalesce(sum(hashtextextended(row::text, 0)), 0)
        FROM ({query}) AS row"""  # noqa: S608 - queries of this repository
    row = connection.execute(digest.encode()).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)
