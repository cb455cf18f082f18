"""Measures whether one more run costs more the more runs its parent has, as micro-batches do.

    python -m benchmarks.family                # 100,000 runs under one parent
    python -m benchmarks.family --runs 10000

KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL name services to use instead of starting some. Each run
sends START and COMPLETE, and names its parent; the parent names its own. Events are stored as they
come: a few to a transaction, except for the many between the first and the last. Then an id of the
pipeline turns up late, in the midst of more such events, at three places of the family.
"""

import argparse
import json
import sys
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from benchmarks import consumers, stage
from benchmarks.consumers import Watched
from openlineage_avro.event.pipeline_run_id import FACET_KEY

STRETCH = 1000  # events that are timed at once
A_FEW = 10  # events in one transaction
COSTLIER = 2.0  # what the goal allows, in times of the first events
PRODUCER = "https://openlineage.io/benchmark"
SCHEMA = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
BEGIN = datetime(2026, 1, 1, tzinfo=timezone.utc)
# An id that is named nearer to a run holds for it: so each of these changes the whole family.
PLACES = ("a child", "the parent's parent", "the parent")

Event = dict[str, Any]


class Family:
    """The events of one parent run, its own parent, and ever more children."""

    def __init__(self) -> None:
        """Start with no child."""
        self._runs = {name: str(uuid.uuid4()) for name in PLACES}
        self._count = 0

    def children(self, events: int) -> Iterator[Event]:
        """Yield the next `events`, two for each child."""
        for number in range(events):
            if number % 2 == 0:
                self._runs["a child"] = str(uuid.uuid4())
            yield self._event("a child", ("START", "COMPLETE")[number % 2])

    def ancestors(self) -> Iterator[Event]:
        """Yield the START of both ancestors."""
        yield self._event("the parent's parent", "START")
        yield self._event("the parent", "START")

    def naming(self, place: str, pipeline_run_id: str) -> Event:
        """Return an event of the run at `place` that names the pipeline's id."""
        event = self._event(place, "RUNNING")
        event["run"]["facets"][FACET_KEY] = {**_facet(), "pipelineRunId": pipeline_run_id}
        return event

    def _event(self, place: str, event_type: str) -> Event:
        self._count += 1
        parents = {"a child": "the parent", "the parent": "the parent's parent"}
        facets = {"parent": self._parent(parents[place])} if place in parents else {}
        is_child = place == "a child"
        return {
            "eventTime": (BEGIN + timedelta(seconds=self._count)).isoformat(),
            "eventType": event_type,
            "producer": PRODUCER,
            "schemaURL": SCHEMA,
            "run": {"runId": self._runs[place], "facets": facets},
            "job": _job(place),
            "inputs": [{"namespace": "kafka://broker", "name": "clicks"}] if is_child else [],
            "outputs": [{"namespace": "s3://lake", "name": "clicks"}] if is_child else [],
        }

    def _parent(self, place: str) -> Event:
        return {**_facet(), "run": {"runId": self._runs[place]}, "job": _job(place)}


def _facet() -> Event:
    return {"_producer": PRODUCER, "_schemaURL": SCHEMA}


def _job(place: str) -> Event:
    return {"namespace": "streaming", "name": f"clicks of {place}"}


class Store:
    """A topic and a database, where events are sent and stored."""

    def __init__(self, services: stage.Stage, topic: str, url: str) -> None:
        """Prepare the database."""
        self._services = services
        self._topic = topic
        self._url = url
        self._sent = 0
        consumers.migrate(url)

    def stored(self, events: list[Event], batch_records: int | None = A_FEW) -> Watched:
        """Send events and store them; raise DemoError unless all were."""
        key = b"family"  # one partition, as one stream's events have: their order is kept
        values = ((key, json.dumps(event).encode()) for event in events)
        stage.send(self._services.kafka, self._topic, values)
        seen = consumers.store(self._services, self._url, self._topic, batch_records=batch_records)
        self._sent += len(events)
        seen.check(self._sent)
        return seen

    def runs_of(self, pipeline_run_id: str) -> int:
        """Return how many runs belong to a pipeline run."""
        query = "SELECT runs FROM lineage.pipeline_runs WHERE pipeline_run_id = %s"
        return sum(int(runs) for (runs,) in stage.rows(self._url, query, [pipeline_run_id]))


def main() -> None:
    """Let a family grow, and print what its last events cost beside the first."""
    options = _options()
    family = Family()
    with (
        stage.stage(options.postgres) as services,
        stage.topic(services.kafka) as topic,
        stage.database(services.postgres) as url,
    ):
        print(f"{options.runs:,} runs under one parent; {services.postgres.describe()}")
        print(f"{STRETCH:,} events each time, {A_FEW} to a transaction\n\n{HEAD}")
        store = Store(services, topic, url)
        store.stored(list(family.ancestors()))
        first = store.stored(list(family.children(STRETCH)))
        print(_line("the first", first, first), flush=True)
        between = 2 * options.runs - 2 * STRETCH
        store.stored(list(family.children(between)), batch_records=None)
        print(_line("the last", store.stored(list(family.children(STRETCH))), first), flush=True)
        for place in PLACES:
            _late(store, family, place, first)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=100_000, help="children (default: 100000)")
    stage.add_options(parser)
    options = parser.parse_args()
    if options.runs <= STRETCH:
        parser.error(f"--runs: expected more than {STRETCH}, got {options.runs}")
    return options


def _late(store: Store, family: Family, place: str, first: Watched) -> None:
    """Print what events cost among which the pipeline's id turns up at a place of the family."""
    events = list(family.children(STRETCH))
    events[STRETCH // 2 : STRETCH // 2] = [family.naming(place, f"named on {place}")]
    seen = store.stored(events)
    runs = store.runs_of(f"named on {place}")
    print(f"{_line(f'an id on {place}', seen, first)}   {runs:,} runs have it", flush=True)


HEAD = f"{'':28}{'us / event':>12}{'longest ms':>12}{'ratio':>8}   goal"


def _line(name: str, seen: Watched, first: Watched) -> str:
    ratio = first.per_second() / seen.per_second()
    verdict = f"   {COSTLIER:g}: {'met' if ratio <= COSTLIER else 'not met'}"
    figures = f"{1e6 / seen.per_second():12,.0f}{1e3 * seen.longest():12,.0f}{ratio:8.2f}"
    return f"{name:28}{figures}{verdict}"


if __name__ == "__main__":
    sys.exit(stage.run(main))
