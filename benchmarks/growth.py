"""Measures whether storing and asking slow down as the store grows.

    python -m benchmarks.growth                          # from 20,000 to 100,000 events
    python -m benchmarks.growth --sizes 200000 2000000   # the goal's sizes: 12 GB, half an hour
    python -m benchmarks.growth --sizes 200000 2500000 --doublings 3    # 20,000,000 at the end

KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL name services to use instead of starting some. Speed is
that of the last events before each size, as many each time; the same questions, about events that
were stored among the first, are asked at each size. After the last size the store is doubled
(benchmarks/copies.py), so often as `--doublings` says, and the same is measured once more.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

import psycopg

from benchmarks import consumers, copies, stage, topics
from benchmarks.stage import Stage
from openlineage_avro.event.access import at
from services.errors import DemoError

ASKED = 50  # events that are asked about, each ROUNDS times
ROUNDS = 3
SLOWER = 1.2  # what a goal allows, in times
SIZE = "SELECT pg_database_size(current_database())"

QUERIES = {
    "a run": "SELECT * FROM lineage.runs WHERE run_id = %(run_id)s",
    "the facets of a run": "SELECT * FROM lineage.run_facets WHERE run_id = %(run_id)s",
    "the events of a run": "SELECT * FROM lineage.events WHERE run_id = %(run_id)s",
    "a DAG run": "SELECT * FROM lineage.dag_runs WHERE run_id = %(dag_run_id)s",
    "a job and its latest run": """SELECT * FROM lineage.jobs
        WHERE namespace = %(job_namespace)s AND name = %(job_name)s""",
    "the fields of a dataset": """SELECT * FROM lineage.dataset_fields
        WHERE namespace = %(namespace)s AND name = %(name)s""",
    "what is downstream of a dataset": """SELECT *
        FROM lineage.downstream('dataset', %(namespace)s, %(name)s)""",
}


def main() -> None:
    """Let a store grow from size to size, and print the times at each and their ratio."""
    options = _options()
    sizes: list[int] = options.sizes
    window = sizes[0] // 2
    print(f"the same store at {' and '.join(f'{size:,}' for size in sizes)} events")
    with (
        stage.stage(options.postgres) as services,
        stage.topic(services.kafka) as topic,
        stage.database(services.postgres) as url,
    ):
        print(services.postgres.describe())
        consumers.migrate(url)
        [(empty,)] = stage.rows(url, SIZE)
        asked = list(islice(_questions(sizes[0]), ASKED))
        taken = [
            _grown(services, topic, url, size, size - before, window) | _asked(url, asked)
            for before, size in zip([0, *sizes], sizes, strict=False)
        ]
        if options.doublings:
            copies.double(url, options.doublings)
            size = sizes[-1] + window
            taken.append(_grown(services, topic, url, size, window, window) | _asked(url, asked))
            sizes.append(sizes[-1] * 2**options.doublings)
        print(*_report(sizes, taken), sep="\n")
        print(_bytes(url, empty))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--sizes",
        type=int,
        nargs="+",
        default=[20_000, 100_000],
        help="numbers of events, each greater than the one before (default: 20000 100000)",
    )
    parser.add_argument(
        "--doublings", type=int, default=0, help="of the store after that, in SQL (default: none)"
    )
    stage.add_options(parser)
    options = parser.parse_args()
    if options.sizes != sorted(set(options.sizes)):
        parser.error(f"--sizes: expected numbers that grow, got {options.sizes}")
    if not 0 <= options.doublings <= copies.MOST:
        parser.error(f"--doublings: expected 0 to {copies.MOST}, got {options.doublings}")
    return options


def _grown(
    services: Stage, topic: str, url: str, size: int, more: int, window: int
) -> dict[str, float]:
    """Store `more` events, up to `size`; return the milliseconds for each of the last."""
    topics.fill(services.kafka, topic, "Avro", more, first=size - more)
    seen = consumers.store(services, url, topic)
    seen.check(size)
    return {"storing an event": 1000 / seen.per_second(last=window)}


def _questions(count: int) -> Iterator[dict[str, Any]]:
    """Yield the parameters of QUERIES for those of the first `count` events that have all."""
    for event in topics.events(count):
        datasets = [each for each in event.get("inputs", []) if at(each, "facets", "schema")]
        dag_run_id = at(event, "run", "facets", "parent", "run", "runId")
        if datasets and dag_run_id:
            yield {
                "run_id": event["run"]["runId"],
                "dag_run_id": dag_run_id,
                "job_namespace": event["job"]["namespace"],
                "job_name": event["job"]["name"],
                "namespace": datasets[0]["namespace"],
                "name": datasets[0]["name"],
            }


def _asked(url: str, questions: list[dict[str, Any]]) -> dict[str, float]:
    """Return the median of milliseconds that each query takes."""
    with psycopg.connect(url, autocommit=True) as connection:
        return {
            name: 1000
            * statistics.median(
                _seconds(connection, query, each) for _ in range(ROUNDS) for each in questions
            )
            for name, query in QUERIES.items()
        }


def _seconds(connection: psycopg.Connection[Any], query: str, parameters: dict[str, Any]) -> float:
    begin = time.perf_counter()
    if not connection.execute(query.encode(), parameters).fetchall():
        raise DemoError(f"nothing was found by {query} with {parameters}")
    return time.perf_counter() - begin


def _report(sizes: list[int], taken: list[dict[str, float]]) -> Iterator[str]:
    yield f"\n{'milliseconds':36}" + "".join(f"{size:>11,}" for size in sizes) + f"{'ratio':>8}"
    for name in taken[0]:
        ratio = taken[-1][name] / taken[0][name]
        verdict = "met" if ratio <= SLOWER else "not met"
        figures = "".join(f"{each[name]:11.3f}" for each in taken)
        yield f"{name:36}{figures}{ratio:8.2f}   {SLOWER}: {verdict}"


def _bytes(url: str, empty: int) -> str:
    """Return what the store takes of the disk at the end, beyond what it took when it was empty."""
    [(total,)] = stage.rows(url, SIZE)
    [(events,)] = stage.rows(url, "SELECT count(*) FROM lineage.events")
    each = (total - empty) / events
    return f"{events:,} events: {total / 1e9:,.1f} GB, {each:,.0f} bytes an event"


if __name__ == "__main__":
    sys.exit(stage.run(main))
