"""Kafka is stopped while Airflow runs DAGs: no task fails, and each event arrives once at last."""

import json
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from demo import show
from demo.capture import beside_file
from openlineage_avro.delivery.spool import statuses
from services import chain, kafka, postgres
from services.chain import Options
from services.state import free_ports
from tests.support.additions import without_additions
from tests.support.sample_dags import OF_TESTS
from tests.support.storing import wait_until

pytestmark = pytest.mark.slow

BEFORE, DURING, AFTER = (f"{word}_dag" for word in ("before", "during", "after"))


@dataclass(frozen=True)
class Outcome:
    """What OpenLineage wrote to a file, what waited during the outage, and what was stored."""

    emitted: list[dict[str, Any]]
    waited: int
    stored: list[dict[str, Any]]
    duplicates: int


@pytest.fixture(scope="module")
def outcome(services_folder: Path, postgres_url: str) -> Iterator[Outcome]:
    """Run a DAG before, during and after an outage of Kafka."""
    name, folder = f"test_{uuid.uuid4().hex}", services_folder / "outage"
    [port] = free_ports(1)
    postgres.ensure_database(postgres_url, name)
    options = Options(
        folder=folder,
        bootstrap_servers=f"127.0.0.1:{port}",
        database_url=postgres.url_of(postgres_url, name),
        database_prefix=f"{name}_",
        topic=name,
        transport=beside_file(folder / "emitted.ndjson", name),
        dags=_dags(folder / "dags"),
    )
    broker = kafka.start(folder / "kafka", port)
    try:
        with chain.running(options, print) as running:
            run_ids = {BEFORE: _run(running, BEFORE)}
            broker.kill()
            run_ids[DURING] = _run(running, DURING)
            waited = _waiting(running, folder / "emitted.ndjson")
            broker = kafka.start(folder / "kafka", port)
            run_ids[AFTER] = _run(running, AFTER)
            show.wait_until_stored(running, run_ids)
    finally:
        broker.stop()
    emitted = [json.loads(line) for line in (folder / "emitted.ndjson").read_text().splitlines()]
    with psycopg.connect(options.database_url or "", autocommit=True) as store:
        stored = [event for (event,) in store.execute("SELECT event FROM lineage.events")]
        [(duplicates,)] = store.execute("SELECT sum(duplicates) FROM lineage.partitions").fetchall()
    yield Outcome(emitted, waited, stored, duplicates)
    with psycopg.connect(postgres_url, autocommit=True) as server:
        for each in ("", f"_{chain.METADATA}", f"_{chain.WAREHOUSE}"):
            server.execute(f'DROP DATABASE "{name}{each}" WITH (FORCE)')


def _dags(folder: Path) -> Path:
    """Return a folder with the same small DAG under three names."""
    folder.mkdir(parents=True)
    source = (OF_TESTS / "params_dag.py").read_text()
    for name in (BEFORE, DURING, AFTER):
        (folder / f"{name}.py").write_text(source.replace("params_dag", name))
    return folder


def _run(running: chain.Pipeline, dag_id: str) -> str:
    running.airflow.wait_for_dag(dag_id)
    start = time.monotonic()
    run_id = running.airflow.trigger(dag_id, {})
    state = running.airflow.wait_for_run(dag_id, run_id, show.RUN_SECONDS)
    print(f"{dag_id} took {time.monotonic() - start:.1f} s")
    assert state == "success"
    return run_id


def _waiting(running: chain.Pipeline, emitted: Path) -> int:
    """Return how many events wait when all those of the outage do: the last come after the run."""

    def waiting() -> int:
        return sum(each.waiting for each in statuses(_spool(running)))

    def all_wait() -> bool:
        events = [json.loads(line) for line in emitted.read_text().splitlines()]
        during = [each for each in events if each["job"]["name"].startswith(DURING)]
        has_ended = any(
            each["job"]["name"] == DURING and each["eventType"] == "COMPLETE" for each in during
        )
        return has_ended and waiting() >= len(during)

    wait_until(all_wait)
    return waiting()


def _spool(running: chain.Pipeline) -> Path:
    return running.airflow.settings.folder / "openlineage_avro_spool"


def _canonical(events: list[dict[str, Any]]) -> Counter[str]:
    return Counter(json.dumps(event, sort_keys=True) for event in events)


def test_the_events_of_the_outage_waited_on_disk(outcome: Outcome) -> None:
    during = [each for each in outcome.emitted if each["job"]["name"].startswith(DURING)]
    assert len(during) > 2
    assert outcome.waited >= len(during)  # the end of the DAG before may have come late


def test_every_event_is_stored_once(outcome: Outcome) -> None:
    stored = [without_additions(event) for event in outcome.stored]
    assert _canonical(stored) == _canonical(outcome.emitted)
