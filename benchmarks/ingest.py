"""Measures how many events a second POST /lineage takes, each acknowledged by Kafka.

    python -m benchmarks.ingest                   # on services that it starts
    python -m benchmarks.ingest --events 20000    # longer

Single events over 16 connections, then bulks of 1,000 over 4; beside them kafka-python's producer
alone, which gets the same Avro messages ready-made. At last the consumer stores all of it, and the
state of every run is compared with what its events say. KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL
name services to use instead. The goals are multiples of what Marquez takes at best: 59 a second.
"""

import argparse
import json
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import requests
from kafka import KafkaProducer

from benchmarks import consumers, figures, marquez, stage, topics
from benchmarks.stage import Stage
from openlineage_avro.config.settings import AvroKafkaConfig
from openlineage_avro.record.record import Record, record_of
from services.process import Service
from services.state import free_ports

CONNECTIONS = 16
BULK, BULK_CONNECTIONS = 1000, 4
SINGLE_GOAL, BULK_GOAL = 10, 50
START_SECONDS = 60
ENDED = {"COMPLETE": "COMPLETE", "FAIL": "FAIL", "ABORT": "ABORT"}


@dataclass(frozen=True)
class Taken:
    """What a way took: events a second, the times of single requests, and how many failed."""

    events: int
    seconds: float
    milliseconds: list[float]
    errors: int
    cpu_seconds: float  # of the processes that take the events

    def figures(self) -> dict[str, float]:
        """Return events a second, the median and the 99th percentile in ms, errors and CPU us."""
        p50, *_, p99 = statistics.quantiles(self.milliseconds, n=100, method="inclusive")[49:]
        return {
            "per_second": self.events / self.seconds,
            "p50": p50,
            "p99": p99,
            "errors": self.errors,
            "cpu_us": 1e6 * self.cpu_seconds / self.events,
        }

    def line(self, name: str, goal: int = 0) -> str:
        """Return the line of the report; `goal` is a multiple of Marquez's best."""
        rate, p50, p99, errors, cpu_us = self.figures().values()
        times = rate / marquez.EVENTS_PER_SECOND
        verdict = f"  {times:.0f} x Marquez, goal {goal} x" if goal else ""
        return f"{name:42}{rate:9,.0f}{p50:10.1f}{p99:10.1f}{errors:8}{cpu_us:8.0f}{verdict}"


def main() -> None:
    """Take all ways in turn, and print a line for each; then what is stored of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--events", type=int, default=10_000, help="single ones (default: 10000)")
    parser.add_argument("--workers", type=int, default=2, help="the API's (default: 2)")
    stage.add_options(parser)
    figures.add_option(parser)
    options = parser.parse_args()
    events = list(topics.events(3 * options.events))
    singles, bulk = events[: options.events], events[options.events :]
    with (
        stage.stage(options.postgres) as services,
        stage.topic(services.kafka) as topic,
        stage.topic(services.kafka) as other,
        stage.database(services.postgres) as url,
    ):
        consumers.migrate(url)
        print(f"{'':42}{'events/s':>9}{'p50 ms':>10}{'p99 ms':>10}{'errors':>8}{'CPU us':>8}")
        ways: dict[str, Taken] = {}
        with api(services, topic, url, options.workers) as (port, process):
            for name, taken, goal in over_http(port, process, singles, bulk):
                ways[name] = taken
                print(taken.line(name, goal), flush=True)
        for name, taken in alone(services, other, singles):
            ways[name] = taken
            print(taken.line(name), flush=True)
        consumers.store(services, url, topic)
        stored, ended, wrong = states(url, events)
        print(f"{stored:,} of {len(events):,} events stored")
        print(f"{wrong} of {ended:,} ended runs have a wrong state")
    taken_all = {name: each.figures() for name, each in ways.items()}
    figures.write(options, {"ways": taken_all, "ended": ended, "wrong": wrong})


def over_http(
    port: int, process: psutil.Process, singles: Sequence[Any], bulk: Sequence[Any]
) -> Iterator[tuple[str, Taken, int]]:
    """Yield what the API takes singly and in bulks, each with its name and its goal."""
    bodies = [json.dumps(each).encode() for each in singles]
    taken = load(process, port, CONNECTIONS, bodies, 1)
    yield f"single, {CONNECTIONS} connections", taken, SINGLE_GOAL
    parts = [bulk[start : start + BULK] for start in range(0, len(bulk), BULK)]
    bodies = [json.dumps(each).encode() for each in parts]
    taken = load(process, port, BULK_CONNECTIONS, bodies, BULK)
    yield f"bulks of {BULK:,}, {BULK_CONNECTIONS} connections", taken, BULK_GOAL


@contextmanager
def api(
    services: Stage, topic: str, url: str, workers: int
) -> Iterator[tuple[int, psutil.Process]]:
    """Yield the port of an API, and its process."""
    (port,) = free_ports(1)
    command = [*consumers.CONSUMER, "api", "--port", str(port), "--topic", topic]
    command += ["--workers", str(workers)]
    environment = {"KAFKA_BOOTSTRAP_SERVERS": services.kafka, "DATABASE_URL": url}
    with (
        tempfile.TemporaryDirectory() as folder,
        Service("api", [*command, "--log-level", "warning"], Path(folder), environment) as program,
    ):
        end = time.monotonic() + START_SECONDS
        while not _answers(port):
            program.check()
            if time.monotonic() > end:
                raise TimeoutError(f"the API does not answer within {START_SECONDS} s")
            time.sleep(0.1)
        yield port, psutil.Process(program.pid)


def _answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/api/v1/namespaces", timeout=5).ok
    except requests.ConnectionError:
        return False


def load(
    process: psutil.Process, port: int, connections: int, bodies: Sequence[bytes], size: int
) -> Taken:
    """Post bodies of `size` events each to an API, from a process of its own."""
    before = _cpu_seconds(process)
    with tempfile.NamedTemporaryFile() as file:
        file.write(pickle.dumps(list(bodies)))
        file.flush()
        command = [sys.executable, "-m", "benchmarks.http_load", str(port), str(connections)]
        done = subprocess.run([*command, file.name], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    errors = sum(count for status, count in found["statuses"].items() if status != "201")
    return Taken(
        size * len(bodies),
        found["seconds"],
        found["milliseconds"],
        errors,
        _cpu_seconds(process) - before,
    )


def _cpu_seconds(process: psutil.Process) -> float:
    return sum(map(stage.cpu_seconds, [process, *process.children(recursive=True)]))


def alone(
    services: Stage, topic: str, events: Sequence[dict[str, Any]]
) -> Iterator[tuple[str, Taken]]:
    """Yield what kafka-python's producer takes, which is given ready-made messages."""
    config = AvroKafkaConfig(bootstrap_servers=services.kafka, topic=topic)
    records = [record_of(each, config) for each in events]
    producer = KafkaProducer(
        bootstrap_servers=services.kafka, acks="all", compression_type=config.compression
    )
    milliseconds: list[float] = []

    def send_one(record: Record) -> None:
        start = time.perf_counter()
        producer.send(topic, record.value, record.key, list(record.headers)).get()
        milliseconds.append(1000 * (time.perf_counter() - start))

    def cpu() -> float:
        return time.process_time() - cpu_start

    cpu_start, start = time.process_time(), time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        list(threads.map(send_one, records))
    one = Taken(len(records), time.perf_counter() - start, milliseconds, 0, cpu())
    yield f"kafka-python alone, {CONNECTIONS} threads", one
    cpu_start, start = time.process_time(), time.perf_counter()
    sent = [producer.send(topic, r.value, r.key, list(r.headers)) for r in records]
    for each in sent:
        each.get()
    seconds = time.perf_counter() - start
    producer.close()
    whole = Taken(len(records), seconds, [1000 * seconds] * 2, 0, cpu())
    yield "kafka-python alone, all at once", whole


def states(url: str, events: Sequence[dict[str, Any]]) -> tuple[int, int, int]:
    """Return how many events are stored, how many runs ended, and how many have a wrong state."""
    [(stored,)] = stage.rows(url, "SELECT count(*) FROM lineage.events")
    ends: dict[str, tuple[str, str]] = {}
    for event in events:
        if event["eventType"] in ENDED:
            end = event["eventTime"], event["eventType"]
            ends[event["run"]["runId"]] = max(end, ends.get(event["run"]["runId"], end))
    found: dict[str, str] = dict(stage.rows(url, "SELECT run_id, state FROM lineage.runs"))
    wrong = sum(found.get(run) != state for run, (_, state) in ends.items())
    return int(stored), len(ends), wrong


if __name__ == "__main__":
    sys.exit(stage.run(main))
