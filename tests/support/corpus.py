"""Real OpenLineage events for tests and benchmarks, by the name of the file that holds them.

`tests/data/*.ndjson.gz` belongs to the repository; `../shared/corpus/*.ndjson` is used, too, where
it is at hand.
"""

from __future__ import annotations

import gzip
import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

Event = dict[str, Any]

REPOSITORY = Path(__file__).parent.parent.parent
PLACES = (
    (REPOSITORY / "tests" / "data", "*.ndjson.gz"),
    (REPOSITORY.parent / "shared" / "corpus", "*.ndjson"),
)
SAMPLE_DAY = "2026-11-22"


@lru_cache(maxsize=1)
def files() -> dict[str, Path]:
    """Return the files at hand by their name without endings."""
    found = (path for folder, pattern in PLACES for path in sorted(folder.glob(pattern)))
    return {path.name.split(".")[0]: path for path in found}


def names() -> list[str]:
    """Return the names that `events` takes."""
    return list(files())


@cache
def lines(name: str) -> tuple[str, ...]:
    """Return the JSON texts of a file's events."""
    path = files()[name]
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return tuple(data.decode().splitlines())


def events(name: str) -> list[Event]:
    """Return fresh copies of a file's events."""
    return [json.loads(line) for line in lines(name)]


def sample_dags() -> list[Event]:
    """Return what the sample DAGs sent, as if that had been on SAMPLE_DAY, which tests name."""
    captured_on = events("airflow-events")[0]["eventTime"][:10]
    return [json.loads(each.replace(captured_on, SAMPLE_DAY)) for each in lines("airflow-events")]


def sample_run_id(dag_id: str) -> str:
    """Return Airflow's run_id of a sample DAG's run."""
    sent = next(event for event in sample_dags() if event["job"]["name"] == dag_id)
    return str(sent["run"]["facets"]["airflowDagRun"]["dagRun"]["run_id"])


def namespace_of(name: str, events: list[Event]) -> str:
    """Return the namespace of a dataset that one of the events writes."""
    outputs = (each for event in events for each in event.get("outputs", []))
    return next(str(each["namespace"]) for each in outputs if each["name"] == name)


def all_events() -> list[Event]:
    """Return fresh copies of every event at hand."""
    return [event for name in names() for event in events(name)]
