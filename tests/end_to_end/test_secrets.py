"""Secrets that Airflow's own events carry do not reach Kafka; the pipeline's id does."""

import json
import secrets
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from kafka import KafkaConsumer, TopicPartition

from demo.capture import beside_file
from openlineage_avro import decode
from services import airflow, postgres
from services.state import free_ports

pytestmark = pytest.mark.slow
RUN_SECONDS = 120
OUR_KAFKA = "{{ conn.our_kafka.host }}:{{ conn.our_kafka.port }}"
ID = "nightly-load-42"


@dataclass(frozen=True)
class Secrets:
    """One secret for each way to leak."""

    conf_password: str
    conf_api_key: str
    conf_nested: str
    late_password: str
    in_url: str
    in_params: str

    @classmethod
    def new(cls) -> "Secrets":
        """Return secrets that nothing else can equal."""
        return cls(*(secrets.token_hex(12) for _ in cls.__annotations__))

    def in_bytes(self, content: bytes) -> list[str]:
        """Return the names of those that stand in some bytes."""
        return [name for name, value in vars(self).items() if value.encode() in content]


@dataclass(frozen=True)
class Outcome:
    """What OpenLineage emitted, as text, and each record on the topic."""

    secrets: Secrets
    emitted: str
    records: list[Any]


@pytest.fixture
def metadata_url(postgres_url: str) -> Iterator[str]:
    """Yield the URL of an empty database for Airflow; it is dropped after the test."""
    name = f"test_{uuid.uuid4().hex}"
    postgres.ensure_database(postgres_url, name)
    yield postgres.url_of(postgres_url, name)
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["fork", "thread"])
def outcome(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    metadata_url: str,
    kafka_bootstrap_servers: str,
    topic: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Outcome:
    """Run the leaky DAG in an Airflow of its own; both of OpenLineage's ways to emit."""
    given = Secrets.new()
    connection = {"conn_type": "http", "login": "me", "password": given.late_password}
    host, port = kafka_bootstrap_servers.split(":")
    kafka = {"conn_type": "kafka", "host": host, "port": int(port)}
    monkeypatch.setenv("AIRFLOW_CONN_LEAKY_PLACE", json.dumps(connection))
    monkeypatch.setenv("LEAKY_IN_URL", given.in_url)
    monkeypatch.setenv("LEAKY_IN_PARAMS", given.in_params)
    in_thread = request.param == "thread"
    if not in_thread:  # a fork must not ask Airflow's API
        monkeypatch.setenv("AIRFLOW_CONN_OUR_KAFKA", json.dumps(kafka))
    monkeypatch.setenv("AIRFLOW__OPENLINEAGE__EXECUTE_IN_THREAD", str(in_thread))
    monkeypatch.setenv("AIRFLOW__OPENLINEAGE__INCLUDE_FULL_TASK_INFO", "True")
    shutil.copytree(Path(__file__).parent / "dags_with_secrets", tmp_path / "dags")
    emitted = tmp_path / "emitted.ndjson"
    settings = airflow.Settings(
        folder=tmp_path / "airflow",
        port=free_ports(1)[0],
        metadata_url=metadata_url,
        warehouse_url=metadata_url,
        bootstrap_servers=kafka_bootstrap_servers,
        dags=tmp_path / "dags",
        transport=beside_file(emitted, topic).replace("$KAFKA_BOOTSTRAP_SERVERS", OUR_KAFKA),
    )
    airflow.migrate(settings)
    with airflow.running(settings) as running:
        if in_thread:
            running.add_connection("our_kafka", kafka)
        _run(running, given)
    return Outcome(given, emitted.read_text(), _records(kafka_bootstrap_servers, topic))


def _run(running: airflow.Airflow, given: Secrets) -> None:
    running.wait_for_dag("leaky_dag")
    conf = {
        "pipeline_run_id": ID,
        "password": given.conf_password,
        "api_key": given.conf_api_key,
        "deep": [{"db": {"more": {"and_more": {"auth_token": given.conf_nested}}}}],
    }
    run_id = running.trigger("leaky_dag", conf)
    assert running.wait_for_run("leaky_dag", run_id, RUN_SECONDS) == "failed"


def _records(servers: str, topic: str) -> list[Any]:
    """Return all records, once the event of the failed DAG run is among them."""
    consumer = KafkaConsumer(bootstrap_servers=servers, auto_offset_reset="earliest")
    consumer.assign([TopicPartition(topic, number) for number in range(3)])
    records: list[Any] = []
    while not any(_ends_the_run(record) for record in records):
        batches = consumer.poll(RUN_SECONDS * 1000)
        assert batches, "the DAG's last event is missing"
        records += [record for batch in batches.values() for record in batch]
    consumer.close()
    return records


def _ends_the_run(record: Any) -> bool:
    event = decode(record.value)
    return bool(event["job"]["name"] == "leaky_dag" and event["eventType"] == "FAIL")


def test_no_secret_is_on_the_topic_but_the_pipelines_id_is(outcome: Outcome) -> None:
    leaked = outcome.secrets.in_bytes(outcome.emitted.encode())
    assert {"conf_password", "late_password"} <= set(leaked)  # else nothing would be proven
    events = [decode(record.value) for record in outcome.records]
    assert len(events) >= 6
    for record, event in zip(outcome.records, events, strict=True):
        headers = b"".join(name.encode() + value for name, value in record.headers)
        content = b"\0".join((record.key or b"", record.value, headers, json.dumps(event).encode()))
        assert outcome.secrets.in_bytes(content) == []
    facets = [event["run"]["facets"] for event in events]
    ids = [each.get("openlineageAvro_pipelineRun", {}).get("pipelineRunId") for each in facets]
    assert ids == [ID] * len(events)
    confs = [
        each[name]["dagRun"]["conf"]
        for each in facets
        for name in ("airflow", "airflowDagRun")
        if name in each
    ]
    assert {conf["pipeline_run_id"] for conf in confs} == {ID}
    assert {conf["password"] for conf in confs} == {"***"}
    messages = [each["errorMessage"]["message"] for each in facets if "errorMessage" in each]
    assert any(message.startswith("me cannot log in with *** at ") for message in messages)
