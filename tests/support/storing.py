"""Putting events into a store, and reading all of it back in a form that can be compared."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import psycopg
import pytest
from kafka import KafkaProducer

from consumer.decode.batch import Batch, decode_batch
from consumer.record import Bounds, Partition, Polled, Record
from consumer.store.offsets import StoredOffset
from consumer.store.store import Store
from openlineage_avro import encode

CLUSTER, TOPIC = "a cluster", "a topic"
PARTITION = Partition(TOPIC, "an id", 0)

# The versions of all facets: of which value, from which to which event, until when.
HISTORY = """
    SELECT
        version.owner::text, coalesce(job.namespace, dataset.namespace),
        coalesce(job.name, dataset.name), version.name, value_hash, is_deleted,
        first_event_at, first_event_hash, last_event_at, last_event_hash, ended_at
    FROM lineage_store.facet_versions AS version
    LEFT JOIN lineage_store.jobs AS job ON job.id = version.owner_id
    LEFT JOIN lineage_store.datasets AS dataset ON dataset.id = version.owner_id
"""
# What is derived, as users see it; where events lay on Kafka is left out.
EVENT = """event_id, kind, event_type, event_time, run_id, job_namespace, job_name,
    dataset_namespace, dataset_name, pipeline_run_id, producer, event, framing"""
VIEWS = (
    *("runs", "dag_runs", "pipeline_runs", "jobs", "datasets", "dataset_fields"),
    *("run_inputs", "run_outputs", "job_datasets", "run_facets", "job_facets"),
    *("dataset_facets", "input_facets", "output_facets"),
    *("task_graph_nodes", "task_graph_edges", "column_lineage"),
    *("dataset_names", "job_dependencies", "task_runs", "dag_versions"),
    *("dataset_versions", "owners", "tags", "quality_checks", "missing_events"),
)
DERIVED = {
    "events": f"SELECT {EVENT} FROM lineage.events",  # noqa: S608 - names from this repository
    **{view: f"SELECT * FROM lineage.{view}" for view in VIEWS},  # noqa: S608
    "history of facets": HISTORY,
}


def batch(values: Sequence[bytes | None], start: int = 0, partition: int = 0) -> Batch:
    """Return a batch of values at consecutive offsets of one partition."""
    place = PARTITION._replace(number=partition)
    records = [
        Record(place, offset, 1_700_000_000_000, b"key", (), value)
        for offset, value in enumerate(values, start)
    ]
    end = start + len(values)
    return decode_batch(Polled(records, {place: start}, {place: end}))


def begin(store: Store, offset: int = 0) -> None:
    """Begin to read partition 0 at an offset."""
    store.take_up({PARTITION: Bounds(offset, offset)})


def offset_of(store: Store) -> StoredOffset:
    """Return where a store is on partition 0."""
    return store.offsets([PARTITION])[PARTITION]


def put(store: Store, events: Iterable[Any], size: int = 1000) -> None:
    """Store events (texts are JSON) in batches of `size`, after what is there on partition 0."""
    texts = (each if isinstance(each, str) else json.dumps(each) for each in events)
    values = [text.encode() for text in texts]
    start = offset_of(store).next_offset
    for first in range(0, len(values), size):
        store.write(batch(values[first : first + size], start + first))


# Deleting few rows is twenty times as fast as truncating many tables.
CLEAR = """
DO $$
DECLARE
    name regclass;
BEGIN
    FOR name IN SELECT oid FROM pg_class
        WHERE relnamespace = 'lineage_store'::regnamespace AND relkind = 'r'
          AND relname NOT IN ('migrations', 'views')
        ORDER BY relname IN ('partitions')
    LOOP
        EXECUTE format('DELETE FROM %s', name);
    END LOOP;
END
$$
"""


def clear(url: str) -> None:
    """Empty a store."""
    with psycopg.connect(url) as connection:
        connection.execute(CLEAR)


def rows(url: str, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Return the answer of a query."""
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode(), parameters).fetchall()


def dump(url: str) -> dict[str, list[str]]:
    """Return every row of everything that is derived, sorted."""
    with psycopg.connect(url) as connection:
        return {
            name: sorted(
                json.dumps(row, default=str, sort_keys=True)
                for row in connection.execute(query.encode())
            )
            for name, query in DERIVED.items()
        }


def produce(
    servers: str, topic: str, values: Iterable[bytes | None], partitions: int = 3
) -> list[tuple[int, int]]:
    """Send values in turn to the partitions; return the (partition, offset) of each."""
    producer = KafkaProducer(bootstrap_servers=servers, linger_ms=2)
    sent = [
        producer.send(topic, value, key=b"key", partition=number % partitions)
        for number, value in enumerate(values)
    ]
    producer.flush()
    offsets = [(each.get().partition, each.get().offset) for each in sent]
    producer.close()
    return offsets


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `openlineage-avro-consumer`."""
    return subprocess.run(
        [sys.executable, "-m", "consumer", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


class Consumer:
    """`openlineage-avro-consumer` with the settings of a test."""

    def __init__(self, servers: str, topic: str, url: str) -> None:
        """Keep what `environment` needs."""
        self.topic = topic
        self.url = url
        self.environment = {
            "KAFKA_BOOTSTRAP_SERVERS": servers,
            "OPENLINEAGE_TOPIC": topic,
            "DATABASE_URL": url,
        }

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return command(*arguments, **(self.environment | environment))

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command."""
        return subprocess.Popen(
            [sys.executable, "-m", "consumer", *arguments],
            env=os.environ | self.environment,
            stderr=subprocess.PIPE,
            text=True,
        )

    def counted(self) -> tuple[int, int, int, int, int]:
        """Return records passed, stored, duplicates, rejected and tombstones of the topic."""
        (row,) = rows(
            self.url,
            "SELECT coalesce(sum(next_offset - first_offset), 0)::int,"
            " coalesce(sum(stored), 0)::int, coalesce(sum(duplicates), 0)::int,"
            " coalesce(sum(rejected), 0)::int, coalesce(sum(tombstones), 0)::int"
            " FROM lineage.partitions WHERE topic = %s",
            self.topic,
        )
        return (row[0], row[1], row[2], row[3], row[4])


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until a condition holds; fail if it does not within the time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            pytest.fail(f"not true after {seconds} s")
        time.sleep(0.05)


def restart(store: Store, url: str) -> None:
    """Empty a store and begin the topic anew."""
    clear(url)
    store.reconnect()  # it remembers what was there
    begin(store)


def each_way(store: Store, url: str, events: Sequence[Any]) -> Iterator[str]:
    """Store events in several orders, as JSON and as Avro; yield the name of each way, stored."""
    orders = {"in order": list(events), "backwards": list(events)[::-1]}
    orders["shuffled"] = random.Random(7).sample(list(events), len(events))
    for order, ordered in orders.items():
        for form in ("JSON", "Avro"):
            for size in (1, len(events)):
                restart(store, url)
                values = [
                    json.dumps(each).encode() if form == "JSON" else encode(each)
                    for each in ordered
                ]
                for first in range(0, len(values), size):
                    store.write(batch(values[first : first + size], first))
                yield f"{order}, {form}, {size} at once"


def event(number: int, **more: Any) -> dict[str, Any]:
    """Return one of many different events."""
    return {
        "eventTime": "2026-01-01T00:00:00Z",
        "eventType": "START",
        "run": {"runId": f"run {number}"},
        "job": {"namespace": "n", "name": "j"},
    } | more


def value(number: int, **more: Any) -> bytes:
    """Return the event as JSON."""
    return json.dumps(event(number, **more)).encode()
