"""What the job writes is what PostgreSQL has of the same records, however often they come."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from kafka.admin import KafkaAdminClient
from psycopg.rows import dict_row

from consumer.store.store import Store
from openlineage_avro import encode
from openlineage_avro.codec.codec import encode_body
from openlineage_avro.codec.framing import confluent
from tests.fixtures.services import make_topic
from tests.support import corpus
from tests.support.lake import Lake
from tests.support.storing import batch, begin, produce

BAD = [b"not an event", b"\xc3\x01xxxxxxxxrest", confluent(7, encode_body({})), b"{}"]
EVENTS = (
    "event_id, kind, event_type, event_time, run_id, job_namespace, job_name, dataset_namespace,"
    " dataset_name, producer, framing, record_bytes"
)
RUNS = (
    "run_id, job_namespace, job_name, state, started_at, ended_at, parent_run_id, root_run_id,"
    " nominal_start_time, nominal_end_time, error_message, is_dag_run, dag_id, airflow_run_id,"
    " task_id, map_index, try_number, first_event_at, last_event_at"
)
IO = "run_id, namespace, name, rows, bytes, files"


def records() -> list[bytes | None]:
    """Return real events in every form, shuffled, some twice, and what is none."""
    chance = random.Random(3)
    events = corpus.all_events()
    values: list[bytes | None] = [
        encode(event) if number % 2 else json.dumps(event).encode()
        for number, event in enumerate(events)
    ]
    values += [*chance.sample(values, 30), *BAD, None]
    return chance.sample(values, len(values))


@pytest.fixture(scope="module")
def sent(
    kafka_admin: KafkaAdminClient, kafka_bootstrap_servers: str
) -> Iterator[tuple[str, list[bytes | None]]]:
    """Yield a topic and what is on it."""
    make_topic(kafka_admin, "lakehouse")
    values = records()
    produce(kafka_bootstrap_servers, "lakehouse", values)
    yield "lakehouse", values
    kafka_admin.delete_topics(["lakehouse"])


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


def test_a_killed_driver_loses_and_doubles_nothing(
    sent: tuple[str, list[bytes | None]],
    kafka_bootstrap_servers: str,
    store: Store,
    store_url: str,
    tmp_path: Path,
) -> None:
    topic, values = sent
    lake = Lake(kafka_bootstrap_servers, tmp_path / "warehouse")
    kill_within_a_batch(lake, topic)
    lake.load(topic)
    stored(store, values)

    ours = lake.duckdb(
        f"SELECT {EVENTS} FROM lineage.events",
        f"SELECT {RUNS} FROM lineage.runs",
        f"SELECT {IO} FROM lineage.run_io WHERE NOT is_output",
        f"SELECT {IO} FROM lineage.run_io WHERE is_output",
        "SELECT topic, record_offset, reason, framing, hex(value) AS value"
        " FROM lineage.dead_letters",
        "SELECT event_id, event FROM lineage.events",
    )
    assert normal(ours[0]) == asked(store_url, f"SELECT {EVENTS} FROM lineage.events")
    assert normal(ours[1]) == asked(store_url, f"SELECT {RUNS} FROM lineage.runs")
    inputs = f"SELECT {IO} FROM lineage_test.run_inputs"
    assert inputs
    assert {bytes.fromhex(row["value"]) for row in ours[4]} == set(BAD)
    assert len(ours[4]) == len(BAD)


def kill_within_a_batch(lake: Lake, topic: str) -> None:
    """Kill a driver when it has committed its second micro-batch's events, and no more of it."""
    written = lake.warehouse / "lineage" / "events" / "metadata" / "version-hint.text"
    with lake.loading(topic, more=("--records-at-once", "300")) as driver:
        while not written.exists() or int(written.read_text() or 0) < 3:
            assert driver.is_running()
