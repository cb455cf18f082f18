"""What benchmarks run on: Kafka and PostgreSQL, databases of their own, topics full of events.

Both services are started, unless KAFKA_BOOTSTRAP_SERVERS or DATABASE_URL names one to use.
"""

import argparse
import os
import shutil
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic
from psycopg import sql

from services import kafka, postgres
from services.errors import DemoError
from services.state import free_ports, place_for_nobody

PARTITIONS = 6  # as many for each of two consumers, and of three
# Consumers that are started together share the partitions out once, as with Kafka's own default.
KAFKA_LINES = "group.initial.rebalance.delay.ms=3000\n"

Row = tuple[Any, ...]
Record = tuple[bytes, bytes]  # key and value


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server: the DSN of one of its databases, and its process where we started it."""

    url: str
    process: psutil.Process | None

    def cpu_seconds(self) -> float:
        """Return what all its processes have used so far; nan for a server that was given."""
        if not self.process:
            return float("nan")
        own = self.process.cpu_times()
        ended = own.children_user + own.children_system
        return own.user + own.system + ended + sum(map(cpu_seconds, self.process.children()))

    def describe(self) -> str:
        """Return its version, and whether it compresses by lz4."""
        query = """SELECT current_setting('server_version'), 'lz4' = ANY (enumvals)
            FROM pg_settings WHERE name = 'default_toast_compression'"""
        ((version, has_lz4),) = rows(self.url, query)
        return f"PostgreSQL {version.split()[0]} {'with' if has_lz4 else 'without'} lz4"

    def offers(self, extension: str) -> bool:
        """Tell whether an extension can be created in its databases."""
        query = "SELECT 1 FROM pg_available_extensions WHERE name = %s"
        return bool(rows(self.url, query, [extension]))

    def has_lz4(self) -> bool:
        """Tell whether it was built with lz4."""
        return self.describe().endswith("with lz4")


@dataclass(frozen=True)
class Stage:
    """The running services."""

    kafka: str  # host:port
    postgres: Server


def run(program: Callable[[], None]) -> int:
    """Call a benchmark's main function; return the exit status. Problems are one line."""
    try:
        program()
    except DemoError as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1
    return 0


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the option that chooses PostgreSQL."""
    parser.add_argument(
        "--postgres",
        type=Path,
        metavar="FOLDER",
        default=postgres.installed(),
        help="programs of the PostgreSQL to start (default: %(default)s; where none is installed"
        " the one from PyPI, which has neither lz4 nor what Data.Rentgen needs)",
    )


@contextmanager
def stage(binaries: Path | None) -> Iterator[Stage]:
    """Yield both services, each started here or given; `binaries` as in `add_options`."""
    with broker() as servers, _server(binaries) as server:
        yield Stage(servers, server)


@contextmanager
def broker() -> Iterator[str]:
    """Yield `host:port` of Kafka: KAFKA_BOOTSTRAP_SERVERS, or one started here."""
    if given := os.environ.get("KAFKA_BOOTSTRAP_SERVERS"):
        yield given
        return
    (port,) = free_ports(1)
    with tempfile.TemporaryDirectory() as folder, kafka.start(Path(folder), port, more=KAFKA_LINES):
        yield f"127.0.0.1:{port}"


@contextmanager
def _server(binaries: Path | None) -> Iterator[Server]:
    if given := os.environ.get("DATABASE_URL"):
        yield Server(given, None)
        return
    folder = Path(tempfile.mkdtemp())
    (port,) = free_ports(1)
    with ExitStack() as stack:
        for each in (folder, place_for_nobody(folder)):
            stack.callback(shutil.rmtree, each, ignore_errors=True)
        started = postgres.start(folder, port, binaries)
        stack.enter_context(started.service)
        yield Server(started.url("postgres"), psutil.Process(started.service.pid))


def cpu_seconds(process: psutil.Process) -> float:
    """Return the CPU time that a process has used; none where it has ended and is forgotten."""
    try:
        used = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(used.user + used.system)


def resident_bytes(process: psutil.Process) -> int:
    """Return the memory that a process has resident; none where it has ended."""
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


@contextmanager
def database(server: Server) -> Iterator[str]:
    """Yield the DSN of a new database, and drop it afterwards."""
    name = f"bench_{uuid.uuid4().hex}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield postgres.url_of(server.url, name)
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))


def rows(url: str, query: str, parameters: Sequence[Any] = ()) -> list[Row]:
    """Return what a query finds, on a connection of its own."""
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode(), parameters).fetchall()


@contextmanager
def topic(servers: str, partitions: int = PARTITIONS) -> Iterator[str]:
    """Yield a new topic's name, and delete it afterwards."""
    name = f"bench-{uuid.uuid4().hex}"
    admin = KafkaAdminClient(bootstrap_servers=servers)
    admin.create_topics([NewTopic(name, num_partitions=partitions, replication_factor=1)])
    try:
        yield name
    finally:
        admin.delete_topics([name])
        admin.close()


def send(servers: str, topic: str, records: Iterable[Record]) -> None:
    """Send records to a topic; as many wait in memory as kafka-python lets wait."""
    producer = KafkaProducer(bootstrap_servers=servers, linger_ms=5, compression_type="zstd")
    for key, value in records:
        producer.send(topic, value, key=key)
    producer.flush()
    producer.close()
