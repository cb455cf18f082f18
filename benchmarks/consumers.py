"""Runs the consumer as users do, in processes of its own, and watches what they have stored."""

import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import psutil
import psycopg

from benchmarks.stage import Row, Stage, cpu_seconds, resident_bytes
from services.errors import DemoError
from services.process import Service

CONSUMER = [sys.executable, "-m", "consumer"]
STORED = b"SELECT coalesce(sum(stored), 0)::bigint FROM lineage.partitions"
LOOK_SECONDS = 0.02
MIGRATE_SECONDS = 60


@dataclass(frozen=True)
class Sample:
    """How many events were stored at a moment, and the CPU time used until then.

    `memory` is that of the largest process at that moment, in bytes; None where nobody looked.
    """

    seconds: float
    events: int
    cpu_seconds: float
    memory: int | None = None


class Watched:
    """What was seen while events were stored: a sample after each commit.

    Its clock starts when the first batch is stored and stops when the last is: neither imports nor
    the joining of a group are in the figures, nor is the first batch.
    """

    def __init__(self, samples: list[Sample]) -> None:
        """Take the samples, in the order of time."""
        self._samples = samples

    def check(self, events: int) -> None:
        """Raise DemoError unless so many events are stored now."""
        stored = self._samples[-1].events if self._samples else 0
        if stored != events:
            raise DemoError(f"{stored:,} of {events:,} events were stored")

    def per_second(self, last: int | None = None) -> float:
        """Return events per second, of all or of the `last`; nan where all came in one batch."""
        first, end = self._between(last)
        return _ratio(end.events - first.events, end.seconds - first.seconds)

    def cpu_us(self) -> float:
        """Return microseconds of CPU time an event, in all the processes that stored."""
        first, end = self._between(None)
        return 1e6 * _ratio(end.cpu_seconds - first.cpu_seconds, end.events - first.events)

    def memory_mb(self) -> float:
        """Return the most megabytes that one process had resident; nan where nobody looked."""
        seen = [sample.memory for sample in self._samples if sample.memory is not None]
        return max(seen) / 1e6 if seen else float("nan")

    def longest(self) -> float:
        """Return the most seconds from one commit to the next."""
        times = [sample.seconds for sample in self._samples]
        return max((b - a for a, b in pairwise(times)), default=float("nan"))

    def _between(self, last: int | None) -> tuple[Sample, Sample]:
        end = self._samples[-1]
        since = end.events - last if last is not None else 0
        return next(each for each in self._samples if each.events >= since), end


def _ratio(amount: float, per: float) -> float:
    return amount / per if per else float("nan")


def migrate(url: str) -> None:
    """Prepare a database for the consumer; raise DemoError."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Service("migrate", [*CONSUMER, "migrate"], Path(folder), {"DATABASE_URL": url}) as program,
    ):
        program.wait(MIGRATE_SECONDS)
        _has_ended(program)


def store(
    services: Stage, url: str, topic: str, processes: int = 1, batch_records: int | None = None
) -> Watched:
    """Store all that is on a topic by so many consumers of one group; raise DemoError."""
    command = [*CONSUMER, "run", "--stop-at-end", "--topic", topic, "--log-level", "warning"]
    command += ["--group", f"bench-{uuid.uuid4().hex}"]
    if batch_records:
        command += ["--batch-records", str(batch_records)]
    environment = {"KAFKA_BOOTSTRAP_SERVERS": services.kafka, "DATABASE_URL": url}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        started = [
            Service(f"consumer-{number}", command, Path(folder), environment)
            for number in range(processes)
        ]
        for each in started:
            stack.enter_context(each)
        return Watched(list(_watch(url, started)))


def _watch(url: str, started: list[Service]) -> Iterator[Sample]:
    """Yield a sample after each commit until all processes have ended; raise DemoError."""
    processes = [psutil.Process(service.pid) for service in started]
    used = dict.fromkeys(processes, 0.0)
    with psycopg.connect(url, autocommit=True) as connection:
        before = _stored(connection)
        running = started
        while running:
            used = {process: max(used[process], cpu_seconds(process)) for process in processes}
            running = [service for service in started if not _has_ended(service)]
            events = _stored(connection)
            if events > before:
                memory = max(map(resident_bytes, processes))
                yield Sample(time.perf_counter(), events, sum(used.values()), memory)
            before = events
            time.sleep(LOOK_SECONDS)


def _stored(connection: psycopg.Connection[Row]) -> int:
    row = connection.execute(STORED).fetchone()
    return int(row[0]) if row else 0


def _has_ended(service: Service) -> bool:
    """Tell whether a process has done its work; raise DemoError where it could not."""
    if service.died() and service.wait(0):
        service.check()
    return service.died()
