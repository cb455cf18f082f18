"""What the job writes is what PostgreSQL has of the same records, however often they come."""

import json
import random
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from consumer.decode.canonical import canonical_json
from consumer.store.store import Store
from openlineage_avro import encode
from openlineage_avro.codec.codec import encode_body
from openlineage_avro.codec.framing import confluent
from tests.support import corpus
from tests.support.families import families
from tests.support.lake import Lake
from tests.support.storing import batch, begin, produce

BAD = [b"not an event", b"\xc3\x01xxxxxxxxrest", confluent(7, encode_body({})), b"{}"]
EVENTS = (
    "SELECT event_id, kind, event_type, event_time, run_id, job_namespace, job_name,"
    " dataset_namespace, dataset_name, producer, framing, record_bytes FROM lineage.events"
)
RUNS = (
    "SELECT run_id, job_namespace, job_name, state, started_at, ended_at, parent_run_id,"
    " root_run_id, nominal_start_time, nominal_end_time, error_message, is_dag_run, dag_id,"
    " airflow_run_id, task_id, map_index, try_number, first_event_at, last_event_at,"
    " pipeline_run_id FROM lineage.runs"
)
IO = """
SELECT run_id, namespace, name, is_output, rows, bytes, files, last_event_at FROM lineage.run_io
"""
# Under the name that events used: the views show a dataset under each of its names.
STORED_IO = """
SELECT lineage_store.run_id(run) AS run_id, dataset.namespace, dataset.name, io.is_output,
    io.rows, io.bytes, io.files, io.last_event_at
FROM lineage_store.run_io AS io
JOIN lineage_store.runs AS run ON run.id = io.run_id
JOIN lineage_store.datasets AS dataset ON dataset.id = io.dataset_id
"""
EDGES = (
    "SELECT from_kind, from_namespace, from_name, to_kind, to_namespace, to_name, edge,"
    " dependency_type, first_event_at, last_event_at FROM lineage.edges"
)
STORED_EDGES = """
WITH nodes AS (
    SELECT id, 'job' AS kind, namespace, name FROM lineage_store.jobs
    UNION ALL SELECT id, 'dataset', namespace, name FROM lineage_store.datasets
)
SELECT origin.kind AS from_kind, origin.namespace AS from_namespace, origin.name AS from_name,
    target.kind AS to_kind, target.namespace AS to_namespace, target.name AS to_name,
    link.kind AS edge, link.dependency_type,
    min(link.first_event_at) AS first_event_at, max(link.last_event_at) AS last_event_at
FROM lineage_store.edges AS link
JOIN nodes AS origin ON origin.id = link.from_id
JOIN nodes AS target ON target.id = link.to_id
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
"""
COLUMNS = """
SELECT namespace, name, job_namespace, job_name, event_time, told.field, told.input_namespace,
    told.input_name, told.input_field, told.type, told.subtype
FROM (SELECT *, unnest(columns) AS told FROM lineage.column_facets WHERE NOT is_deleted)
"""
STORED_COLUMNS = """
SELECT namespace, name, job_namespace, job_name, event_time, field, input_namespace, input_name,
    input_field, type, subtype
FROM lineage.column_lineage WHERE facet = 'columnLineage'
"""
# Queries of the lakehouse, and those of PostgreSQL that have the same answer.
SAME = (
    (EVENTS, EVENTS),
    (RUNS, RUNS),
    (IO, STORED_IO),
    (EDGES, STORED_EDGES),
    (COLUMNS, STORED_COLUMNS),
)


def records() -> list[bytes | None]:
    """Return real events in every form, shuffled, some twice, and what is none."""
    chance = random.Random(3)
    events = corpus.all_events() + families()
    values: list[bytes | None] = [
        encode(event) if number % 2 else json.dumps(event).encode()
        for number, event in enumerate(events)
    ]
    values += [*chance.sample(values, 30), *BAD, None]
    return chance.sample(values, len(values))


def stored(store: Store, values: list[bytes | None]) -> None:
    """Store records in PostgreSQL."""
    begin(store)
    for start in range(0, len(values), 1000):
        store.write(batch(values[start : start + 1000], start))


def asked(url: str, query: str) -> list[str]:
    """Return PostgreSQL's answer as `normal` makes it."""
    with psycopg.connect(url, row_factory=dict_row, options="-c timezone=UTC") as connection:
        return normal(connection.execute(query.encode()).fetchall())


def normal(rows: list[dict[str, Any]]) -> list[str]:
    """Return rows as text, sorted."""
    return sorted(json.dumps(row, default=str, sort_keys=True) for row in rows)


@pytest.mark.slow
def test_a_killed_driver_loses_and_doubles_nothing(
    kafka_bootstrap_servers: str, topic: str, store: Store, store_url: str, tmp_path: Path
) -> None:
    values = records()
    produce(kafka_bootstrap_servers, topic, values)
    lake = Lake(kafka_bootstrap_servers, tmp_path / "warehouse")
    kill_within_a_batch(lake, topic)
    lake.load(topic)
    stored(store, values)

    *derived, bad, bodies = lake.duckdb(
        *[ours for ours, _ in SAME],
        "SELECT topic, record_offset, reason, framing, hex(value) AS value"
        " FROM lineage.dead_letters",
        "SELECT event FROM lineage.events",
    )
    for answer, (ours, theirs) in zip(derived, SAME, strict=True):
        assert normal(answer) == asked(store_url, theirs), ours
    assert sorted(bytes.fromhex(row["value"]) for row in bad) == sorted(BAD)
    assert {row["topic"] for row in bad} == {topic}
    events = map(canonical_json, corpus.all_events() + families())
    assert {row["event"] for row in bodies} == set(events)


def kill_within_a_batch(lake: Lake, topic: str) -> None:
    """Kill a driver when it has committed its second micro-batch's events, and no more of it."""
    written = lake.warehouse / "lineage" / "events" / "metadata" / "version-hint.text"
    with lake.loading(topic, more=("--records-at-once", "400")) as driver:
        while not written.exists() or int(written.read_text() or 0) < 3:
            assert driver.is_running()
            time.sleep(0.02)
