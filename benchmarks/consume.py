"""Measures the consumer from a real topic into a real database, against plain inserts of JSON.

    python -m benchmarks.consume                 # on services that it starts
    python -m benchmarks.consume --events 20000  # a longer day

KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL, both set, name services to use instead. The alternative
keeps one jsonb row for each JSON event in batches of the same size, and nothing else: no
duplicates found, nothing derived.
"""

import argparse
import json
import os
import shutil
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic
from psycopg import sql
from psycopg.conninfo import make_conninfo

from benchmarks.day import day
from consumer.ingest.loop import Loop
from consumer.settings import BATCH_RECORDS, Settings, Topics
from consumer.source.group import Source
from consumer.store.database import connect
from consumer.store.migrate import migrate
from consumer.store.store import Store
from openlineage_avro import encode
from openlineage_avro.config.command_line import ClientSettings
from openlineage_avro.record.key import message_key
from services import kafka, postgres
from services.state import free_ports, place_for_nobody

PARTITIONS = 3


def main() -> None:
    """Run both ways and print events per second, disk and log bytes per event, and the ratio."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--events", type=int, default=10_000, help="how many (default: 10000)")
    count = parser.parse_args().events
    with services() as (servers, server_url):
        events = list(day(count))
        print(f"{count} Airflow events, {PARTITIONS} partitions, batches of {BATCH_RECORDS}")
        results = {
            "consumer, Avro": measure(servers, server_url, events, encode, consume),
            "consumer, JSON": measure(servers, server_url, events, as_json, consume),
            "plain jsonb rows": measure(servers, server_url, events, as_json, insert_plainly),
        }
    print(f"{'':18}{'events/s':>10}{'disk B/event':>14}{'WAL B/event':>13}")
    for name, (speed, disk, wal) in results.items():
        print(f"{name:18}{speed:>10,.0f}{disk:>14,.0f}{wal:>13,.0f}")
    ratio = results["consumer, Avro"][0] / results["plain jsonb rows"][0]
    print(f"the consumer, deriving everything, has {ratio:.2f} times the speed of plain rows")


def as_json(event: dict[str, Any]) -> bytes:
    """Return an event as OpenLineage's own transport sends it."""
    return json.dumps(event).encode()


def measure(
    servers: str,
    server_url: str,
    events: list[dict[str, Any]],
    write: Callable[[dict[str, Any]], bytes],
    take: Callable[[str, str, str], float],
) -> tuple[float, float, float]:
    """Return events per second, and bytes per event on disk and in PostgreSQL's log."""
    topic = f"bench-{uuid.uuid4().hex}"
    with (
        topic_of(servers, topic, events, write),
        database(server_url) as url,
        connect(url) as connection,
    ):
        migrate(connection)
        before = _one(connection, "SELECT pg_current_wal_lsn() - '0/0'")
        size = _one(connection, "SELECT pg_database_size(current_database())")
        seconds = take(servers, topic, url)
        wal = _one(connection, "SELECT pg_current_wal_lsn() - '0/0'") - before
        disk = _one(connection, "SELECT pg_database_size(current_database())") - size
    return len(events) / seconds, disk / len(events), wal / len(events)


def consume(servers: str, topic: str, url: str) -> float:
    """Return the seconds in which the consumer stored what is on the topic."""
    source = Source(Settings(ClientSettings(bootstrap_servers=servers), Topics((topic,)), url))
    store = Store(url, source.cluster_id)
    begin = time.perf_counter()
    Loop(source, store, threading.Event()).run(stop_at_end=True)
    seconds = time.perf_counter() - begin
    store.close()
    source.close()
    return seconds


def insert_plainly(servers: str, topic: str, url: str) -> float:
    """Return the seconds in which each JSON event became a row."""
    source = KafkaConsumer(bootstrap_servers=servers, max_poll_records=BATCH_RECORDS)
    partitions = [TopicPartition(topic, number) for number in range(PARTITIONS)]
    source.assign(partitions)
    source.seek_to_beginning()
    left = sum(source.end_offsets(partitions).values())
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE public.plain (event jsonb NOT NULL)")
        begin = time.perf_counter()
        while left:
            polled = source.poll(timeout_ms=1000)
            values = [(record.value.decode(),) for some in polled.values() for record in some]
            connection.cursor().executemany("INSERT INTO public.plain VALUES (%s)", values)
            connection.commit()
            left -= len(values)
        seconds = time.perf_counter() - begin
    source.close()
    return seconds


@contextmanager
def services() -> Iterator[tuple[str, str]]:
    """Yield Kafka's address and a server's DSN: given by both variables, or started here."""
    given = os.environ.get("KAFKA_BOOTSTRAP_SERVERS"), os.environ.get("DATABASE_URL")
    if given[0] and given[1]:
        yield given[0], given[1]
        return
    folder = Path(tempfile.mkdtemp())
    kafka_port, postgres_port = free_ports(2)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stack.callback(shutil.rmtree, place_for_nobody(folder / "postgres"), ignore_errors=True)
        stack.enter_context(kafka.start(folder / "kafka", kafka_port))
        server = postgres.start(folder / "postgres", postgres_port)
        stack.enter_context(server.service)
        yield f"127.0.0.1:{kafka_port}", server.url("postgres")


@contextmanager
def topic_of(
    servers: str,
    topic: str,
    events: list[dict[str, Any]],
    write: Callable[[dict[str, Any]], bytes],
) -> Iterator[None]:
    """Fill a topic with events, and delete it afterwards."""
    admin = KafkaAdminClient(bootstrap_servers=servers)
    admin.create_topics([NewTopic(topic, num_partitions=PARTITIONS, replication_factor=1)])
    producer = KafkaProducer(bootstrap_servers=servers, linger_ms=5, compression_type="zstd")
    for event in events:
        producer.send(topic, write(event), key=message_key(event).encode())
    producer.flush()
    producer.close()
    try:
        yield
    finally:
        admin.delete_topics([topic])
        admin.close()


@contextmanager
def database(server_url: str) -> Iterator[str]:
    """Yield the DSN of a new database, and drop it afterwards."""
    name = f"bench_{uuid.uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield make_conninfo(server_url, dbname=name)
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _one(connection: psycopg.Connection[Any], query: str) -> int:
    row = connection.execute(query.encode()).fetchone()
    return int(row[0]) if row else 0


if __name__ == "__main__":
    main()
