"""Measures the API on large graphs beside the SQL behind it, and the consumer beside its readers.

    python -m benchmarks.api                   # on services that it starts
    python -m benchmarks.api --events 20000 --readers 50
    python -m benchmarks.api --part graphs     # without Kafka

The graphs are those of benchmarks/lineage.py. Each question is asked in turn of SQL and of the API,
so that both meet the same machine; of each the median counts, and its ratio is what to compare.
KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL name services to use instead.
"""

import argparse
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import psycopg
import requests

from benchmarks import consumers, figures, lineage, stage, topics
from benchmarks.figures import Figures
from benchmarks.stage import Stage
from consumer.store.database import READING, Connection
from services.process import Service
from services.state import free_ports

READY_SECONDS = 30
PAUSE = 1.0  # seconds between the questions of a reader
ASKED = 9  # times that each question is asked; the median counts
DEPTH = 100  # steps: the whole of each graph
# Rows that the consumer makes of events, beside those that the graphs are written with.
ROWS = """
INSERT INTO lineage_store.job_parents (job_id, parent_id, first_event_at, last_event_at)
SELECT id, 0, '2026-01-01', '2026-01-01' FROM lineage_store.jobs;
UPDATE lineage_store.datasets SET first_named_at = '2026-01-01', last_named_at = '2026-01-01';
ANALYZE
"""
# What the web UI asks again and again; the first job stands for all.
PAGES = (
    "/jobs?limit=10&offset=0",
    "/events/lineage?limit=50&before=2100-01-01T00:00:00Z&after=2000-01-01T00:00:00Z",
    "/stats/lineage-events?period=DAY&timezone=UTC",
    "/search?q=lab&sort=NAME&limit=100",
    "/namespaces",
)


class Shape(NamedTuple):
    """A graph, the dataset that it is asked of, and the job beside it."""

    name: str
    dataset: str
    job: str


SHAPES = (
    Shape("chain of 20 among 50,000 jobs", "chain 7, 0", "chain 7, 0"),
    Shape("2,000 connected jobs", "mesh 0, 5", "mesh 0, 5"),
    Shape("hub with 5,000 readers", "hub", "reader 0"),
)


def main() -> None:
    """Print what the API takes for graphs, and what readers take from the consumer."""
    options = _options()
    measured: Figures = {}
    if options.part != "readers":
        measured["graphs"] = measure_graphs()
    if options.part != "graphs":
        with stage.stage(options.postgres) as services:
            measured["readers"] = measure_readers(services, options.events, options.readers)
    figures.write(options, measured)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--part", choices=("graphs", "readers"), help="measure this alone")
    parser.add_argument("--events", type=int, default=20_000, help="to store (default: 20000)")
    parser.add_argument("--readers", type=int, default=50, help="beside them (default: 50)")
    stage.add_options(parser)
    figures.add_option(parser)
    return parser.parse_args()


@contextmanager
def serving(url: str) -> Iterator[str]:
    """Yield the address of an API on a database, in a process of its own."""
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "consumer", "api", "--port", str(port)]
    address = f"http://127.0.0.1:{port}/api/v1"
    with (
        tempfile.TemporaryDirectory() as folder,
        Service("api", command, Path(folder), {"DATABASE_URL": url}) as program,
    ):
        program.wait_until(lambda: _answers(address), READY_SECONDS)
        yield address


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/namespaces", timeout=5).ok
    except requests.ConnectionError:
        return False


def measure_graphs() -> list[Figures]:
    """Fill a database with the graphs; print and return milliseconds and ratios."""
    measured = []
    print(
        f"{'GET /lineage':32}{'nodes':>7}{'KB':>7}{'names, ms':>11}{'edges, ms':>11}{'GET, ms':>10}"
        f"{'GET / edges':>13}"
    )
    with lineage.server() as server, lineage.database(server) as url:
        consumers.migrate(url)
        with psycopg.connect(url, autocommit=True, options=READING_WRITE) as connection:
            graph = lineage.fill(connection)
            connection.execute(ROWS.encode())
            with serving(url) as address:
                for shape in SHAPES:
                    taken = _taken(connection, address, shape, graph.jobs[shape.job])
                    print(_line(taken), flush=True)
                    measured.append(taken)
    return measured


# Plans as the API has them.
READING_WRITE = READING.replace(" -c default_transaction_read_only=on", "")


def _line(taken: Figures) -> str:
    return (
        f"{taken['name']:32}{taken['nodes']:>7,}{taken['kb']:>7,}{taken['names_ms']:>11,.1f}"
        f"{taken['edges_ms']:>11,.1f}{taken['get_ms']:>10,.1f}"
        f"{taken['get_ms'] / taken['edges_ms']:>13.1f}"
    )


def _taken(connection: Connection, address: str, shape: Shape, job: int) -> Figures:
    """Return what one graph takes: lineage.downstream alone, the API's walk alone, the answer."""
    node = urlencode({"nodeId": f"dataset:bench:{shape.dataset}", "depth": DEPTH})
    names = "SELECT * FROM lineage.downstream('dataset', 'bench', %s)"
    edges = "SELECT * FROM lineage_api.graph(%s, %s, %s)"
    session = requests.Session()
    answer = session.get(f"{address}/lineage?{node}", timeout=600)
    answer.raise_for_status()
    ways: tuple[Callable[[], object], ...] = (
        lambda: connection.execute(names, [shape.dataset]).fetchall(),
        lambda: connection.execute(edges, [job, shape.job, DEPTH]).fetchall(),
        lambda: session.get(f"{address}/lineage?{node}", timeout=600).content,
    )
    times: list[list[float]] = [[], [], []]
    for _ in range(ASKED):
        for way, taken in zip(ways, times, strict=True):
            begin = time.perf_counter()
            way()
            taken.append((time.perf_counter() - begin) * 1000)
    by_names, by_edges, whole = map(statistics.median, times)
    return {
        "name": shape.name,
        "nodes": len(answer.json()["graph"]),
        "kb": len(answer.content) // 1024,
        "names_ms": by_names,
        "edges_ms": by_edges,
        "get_ms": whole,
    }


def measure_readers(services: Stage, events: int, readers: int) -> list[Figures]:
    """Store the same events without and with readers of the API; print and return the speed.

    They ask once a second each, as people do who look at what they get, and then without a pause.
    """
    print(
        f"\n{'the consumer':32}{'events / s':>12}{'answers / s':>13}{'p50, ms':>10}{'p99, ms':>10}"
    )
    with stage.topic(services.kafka) as topic:
        topics.fill(services.kafka, topic, "Avro", events)
        alone = _stored(services, topic, events, 0, 0)
        beside = [_stored(services, topic, events, readers, pause) for pause in (PAUSE, 0)]
    for each in beside:
        what = f"readers that pause {each['pause']:g} s / alone"
        print(f"{what:32}{each['per_second'] / alone['per_second']:>12.2f}")
    return [alone, *beside]


def _stored(services: Stage, topic: str, events: int, readers: int, pause: float) -> Figures:
    """Return events a second beside so many readers, and what these got; print both."""
    with stage.database(services.postgres) as url:
        consumers.migrate(url)
        with serving(url) as address, _reading(address, readers, pause) as taken:
            begin = time.perf_counter()
            watched = consumers.store(services, url, topic)
            seconds = time.perf_counter() - begin
        watched.check(events)
    measured: Figures = {"readers": readers, "pause": pause, "per_second": watched.per_second()}
    line = f"{f'beside {readers} readers, {pause:g} s':32}{watched.per_second():>12,.0f}"
    if len(taken) > 1:
        cuts = statistics.quantiles(taken, n=100)
        measured |= {"answers": len(taken) / seconds, "p50": cuts[49], "p99": cuts[98]}
        line += f"{len(taken) / seconds:>13,.0f}{cuts[49]:>10,.0f}{cuts[98]:>10,.0f}"
    print(line, flush=True)
    return measured


@contextmanager
def _reading(address: str, readers: int, pause: float) -> Iterator[list[float]]:
    """Yield the milliseconds of the answers that readers get, who pause so long after each."""
    taken: list[float] = []
    is_over = threading.Event()

    def read(first: int) -> None:
        session = requests.Session()
        number = first
        while not is_over.is_set():
            begin = time.perf_counter()
            answer = session.get(address + PAGES[number % len(PAGES)], timeout=60)
            answer.raise_for_status()
            taken.append((time.perf_counter() - begin) * 1000)
            number += 1
            is_over.wait(pause)

    with ThreadPoolExecutor(max(readers, 1)) as threads:
        reading = [threads.submit(read, number) for number in range(readers)]
        try:
            yield taken
        finally:
            is_over.set()
        for each in reading:
            each.result()  # an answer that was an error is one here


if __name__ == "__main__":
    sys.exit(stage.run(main))
