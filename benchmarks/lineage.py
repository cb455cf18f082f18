"""Asks lineage of large graphs, and prints milliseconds beside the goals.

    python -m benchmarks.lineage [--crowd 2000000]

The graphs are written straight into the tables, as the consumer would; nothing has analysed them
when the first answers are measured, and autovacuum is off. --crowd adds what that many events of
other jobs leave behind. DATABASE_URL names a server, otherwise one is started; of one that is
started here the processor's time counts, so that other work on the machine counts little. Each
figure is the median, and in brackets the least.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import tempfile
import time
import uuid
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from benchmarks import figures
from benchmarks.crowd import fill_crowd
from consumer.rows.keys import key_of
from consumer.store.migrate import migrate_database
from services import postgres
from services.state import free_ports, place_for_nobody

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.figures import Figures
    from consumer.store.database import Connection

ASKED = 15  # times each question is asked
SOME_TIME = "2026-01-01T00:00:00Z"
TABLES = (
    *("jobs", "datasets", "dataset_groups", "edges", "runs"),
    *("column_lineage", "column_edges", "facet_columns"),
)


class Times(NamedTuple):
    """Milliseconds that a question took, and the rows of its answer."""

    median: float
    least: float
    rows: int

    def __str__(self) -> str:
        """Return the median, and the least in brackets."""
        return f"{self.median:.1f} ({self.least:.1f})"


class Question(NamedTuple):
    """A query, and the milliseconds that it may take."""

    name: str
    query: str
    goal: float


QUESTIONS = [
    Question(
        "chain of 20 among 50,000 jobs",
        "SELECT * FROM lineage.downstream('dataset', 'bench', 'chain 7, 0')",
        3,
    ),
    Question(
        "2,000 connected jobs, 100 levels",
        "SELECT * FROM lineage.downstream('dataset', 'bench', 'mesh 0, 5')",
        25,
    ),
    Question(
        "hub with 5,000 readers",
        "SELECT * FROM lineage.downstream('dataset', 'bench', 'hub')",
        40,
    ),
    Question(
        "4,000 columns, each from ten",
        "SELECT * FROM lineage.column_upstream('bench', 'columns 40', 'c1')",
        100,
    ),
]
# What Marquez asks of its tables (LineageDao.getLineage), put on this store's.
MARQUEZ = """
WITH RECURSIVE job_io AS (
    SELECT stated_by AS job_id,
        array_agg(from_id) FILTER (WHERE kind = 'input') AS inputs,
        array_agg(to_id) FILTER (WHERE kind = 'output') AS outputs
    FROM lineage_store.edges WHERE kind IN ('input', 'output') GROUP BY stated_by
),
lineage (job_id, inputs, outputs, depth) AS (
    SELECT job_id, coalesce(inputs, '{}'), coalesce(outputs, '{}'), 0
    FROM job_io WHERE job_id = %s
    UNION
    SELECT io.job_id, io.inputs, io.outputs, depth + 1
    FROM job_io AS io, lineage
    WHERE io.job_id <> lineage.job_id
      AND (array_cat(io.inputs, io.outputs) && array_cat(lineage.inputs, lineage.outputs))
      AND depth < 20
)
SELECT DISTINCT ON (job_id) * FROM lineage
"""


class Graph:
    """Rows of the tables, with the ids that they get."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.datasets: dict[str, int] = {}
        self.jobs: dict[str, int] = {}
        self.edges: dict[tuple[int, int, str, int], None] = {}
        self._last = 0

    def dataset(self, name: str) -> int:
        """Return the id of a dataset, new or known."""
        return self._id(self.datasets, name)

    def job(self, name: str, reads: list[str], writes: list[str]) -> None:
        """Add a job with its edges."""
        job = self._id(self.jobs, name)
        for each in reads:
            self.edges[self.dataset(each), job, "input", job] = None
        for each in writes:
            self.edges[job, self.dataset(each), "output", job] = None

    def _id(self, known: dict[str, int], name: str) -> int:
        if name not in known:
            self._last += 1
            known[name] = self._last
        return known[name]


def jobs_of(graph: Graph, chance: random.Random) -> None:
    """Add the three shapes: chains of 20 of 50,000 jobs, 2,000 jobs in one graph, and a hub."""
    for chain in range(2500):
        for step in range(20):
            graph.job(
                f"chain {chain}, {step}",
                [f"chain {chain}, {step}"],
                [f"chain {chain}, {step + 1}"],
            )
    for level in range(50):
        for place in range(40):
            reads = [f"mesh {level}, {each}" for each in chance.sample(range(40), 3)]
            writes = [f"mesh {level + 1}, {place}"]
            if level > 2 and chance.random() < 0.1:  # a circle
                writes.append(f"mesh {chance.randrange(level)}, {place}")
            graph.job(f"mesh {level}, {place}", reads, writes)
    for reader in range(5000):
        graph.job(f"reader {reader}", ["hub"], [f"read {reader}"])


def columns_of(graph: Graph, chance: random.Random) -> tuple[list[Any], list[Any], list[Any]]:
    """Return rows of 40 datasets with 100 columns, each from ten of the dataset before."""
    said, edges, columns = [], [], []
    for level in range(1, 41):
        value, source = uuid.uuid4(), graph.dataset(f"columns {level - 1}")
        said.append((graph.dataset(f"columns {level}"), 0, "columnLineage", value, False))
        for number in range(100):
            columns.append((value, f"c{number}"))
            edges += [
                (value, f"c{number}", source, f"c{each}", "DIRECT")
                for each in chance.sample(range(100), 10)
            ]
    return said, edges, columns


def fill(connection: Connection) -> Graph:
    """Write the graphs, in no order, into tables that nothing analyses."""
    chance, graph = random.Random(1), Graph()
    jobs_of(graph, chance)
    said, column_edges, columns = columns_of(graph, chance)
    for table in TABLES:
        off = f"ALTER TABLE lineage_store.{table} SET (autovacuum_enabled = off)"
        connection.execute(off.encode())
    for table, known in (("jobs", graph.jobs), ("datasets", graph.datasets)):
        named = [(number, key_of("bench", name), "bench", name) for name, number in known.items()]
        _copy(connection, f"{table} (id, key, namespace, name)", named, chance)
    edges = [(*each, SOME_TIME, SOME_TIME) for each in graph.edges]
    head = "edges (from_id, to_id, kind, stated_by, first_event_at, last_event_at)"
    _copy(connection, head, edges, chance)
    held = [(*each, SOME_TIME, uuid.uuid4()) for each in said]
    head = "column_lineage (dataset_id, job_id, facet, value_hash, is_deleted, event_time,"
    _copy(connection, f"{head} event_hash)", held, chance)
    head = "column_edges (value_hash, field, input_dataset_id, input_field, type)"
    _copy(connection, head, column_edges, chance)
    _copy(connection, "facet_columns (value_hash, field)", columns, chance)
    return graph


def _copy(connection: Connection, table: str, rows: list[Any], chance: random.Random) -> None:
    chance.shuffle(rows)
    text = f"COPY lineage_store.{table} FROM STDIN"
    with connection.cursor().copy(text.encode()) as copy:
        for row in rows:
            copy.write_row(row)


def clock_of(connection: Connection) -> Callable[[], float]:
    """Return a clock of milliseconds: what the server's process spent, or of the wall."""
    spent = Path(f"/proc/{connection.info.backend_pid}/schedstat")
    if os.environ.get("DATABASE_URL") or not spent.exists():
        return lambda: time.perf_counter() * 1000
    return lambda: int(spent.read_text().split()[0]) / 1_000_000


def ask(connection: Connection, query: str) -> Times:
    """Ask a question again and again."""
    clock, times, count = clock_of(connection), [], 0
    for _ in range(ASKED):
        begin = clock()
        count = len(connection.execute(query.encode()).fetchall())
        times.append(clock() - begin)
    return Times(statistics.median(times), min(times), count)


def marquez(connection: Connection, job: int, seconds: int) -> str:
    """Return how many milliseconds Marquez's query takes for a job's lineage, within a bound."""
    connection.execute(f"SET statement_timeout = '{seconds}s'".encode())
    begin = time.perf_counter()
    try:
        connection.execute(MARQUEZ, [job]).fetchall()
    except psycopg.errors.QueryCanceled:
        return f"> {seconds * 1000:,}"
    finally:
        connection.execute("SET statement_timeout = 0")
    return f"{(time.perf_counter() - begin) * 1000:,.0f}"


def main() -> None:
    """Fill a database, ask before and after ANALYZE, and print the milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.lineage")
    parser.add_argument("--crowd", type=int, default=0, metavar="EVENTS", help="of other jobs")
    figures.add_option(parser)
    options = parser.parse_args()
    with server() as server_url, database(server_url) as url:
        migrate_database(url)
        figures.write(options, {"questions": compare(url, options.crowd)})


def compare(url: str, crowd: int) -> list[Figures]:
    """Fill a database; print and return what its questions take."""
    with psycopg.connect(url, autocommit=True) as connection:
        graph = fill(connection)
        fill_crowd(connection, crowd)
        fresh = [ask(connection, each.query) for each in QUESTIONS]
        connection.execute("ANALYZE")
        known = [ask(connection, each.query) for each in QUESTIONS]
        theirs = [""] * len(QUESTIONS)
        if not crowd:
            jobs = [graph.jobs[name] for name in ("chain 7, 0", "mesh 0, 5", "reader 0")]
            theirs = [*(marquez(connection, job, 20) for job in jobs), ""]
    print(f"{'':34}{'rows':>7}{'goal':>6}{'fresh':>16}{'analysed':>16}{'as Marquez asks':>17}")
    for question, before, after, other in zip(QUESTIONS, fresh, known, theirs, strict=True):
        print(
            f"{question.name:34}{before.rows:>7,}{question.goal:>6.0f}{before!s:>16}"
            f"{after!s:>16}{other:>17}"
        )
    return [
        {"name": each.name, "rows": before.rows, "fresh": before.median, "analysed": after.median}
        for each, before, after in zip(QUESTIONS, fresh, known, strict=True)
    ]


@contextmanager
def server() -> Iterator[str]:
    """Yield a server's DSN: given, or of one that is started here."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    folder = Path(tempfile.mkdtemp())
    (port,) = free_ports(1)
    try:
        started = postgres.start(folder / "postgres", port)
        with started.service:
            yield started.url("postgres")
    finally:
        shutil.rmtree(place_for_nobody(folder / "postgres"), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database(server_url: str) -> Iterator[str]:
    """Yield the DSN of a new database, and drop it afterwards."""
    name = sql.Identifier(f"bench_{uuid.uuid4().hex}")
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        yield make_conninfo(server_url, dbname=name.as_string().strip('"'))
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


if __name__ == "__main__":
    main()
