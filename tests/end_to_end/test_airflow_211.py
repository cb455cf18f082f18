"""The transport works in Airflow 2.11 as in Airflow 3: what it emits is on the topic, as it was."""

import json
import shutil
import sys
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from kafka.admin import KafkaAdminClient, NewTopic

from demo.capture import beside_file
from openlineage_avro.config.kafka import KafkaSettings
from openlineage_avro.event.pipeline_run_id import FACET_KEY
from openlineage_avro.tools.messages import event_of, from_topic
from services.state import REPOSITORY
from tests.support.additions import without_additions
from tests.support.airflow_two import AirflowTwo

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        sys.version_info >= (3, 13), reason="Airflow 2.11 does not exist for Python 3.13 and later"
    ),
]
ID = "pipeline_run_id"
DAG_ID = "simple_success_dag"
TASKS = ["push_pipeline_run_id", "extract", "report"]
JOBS = [DAG_ID, *(f"{DAG_ID}.{task}" for task in TASKS)]
CONFS = {"with-conf": '{"pipeline_run_id": "given-in-conf"}', "without": "{}"}


@dataclass(frozen=True)
class Outcome:
    """What is left when the DAG has run: what OpenLineage wrote, what is on the topic."""

    states: list[str]
    emitted: list[Any]
    sent: list[Any]

    def of_run(self, name: str) -> list[Any]:
        """Return the events on the topic that belong to one DAG run."""
        return [each for each in self.sent if dag_run_of(each)["run_id"].startswith(name)]


@pytest.fixture(scope="module")
def airflow(
    tmp_path_factory: pytest.TempPathFactory, kafka_bootstrap_servers: str
) -> tuple[AirflowTwo, Path]:
    """Return an Airflow 2.11 that knows the sample DAG, and its folder."""
    work = tmp_path_factory.mktemp("airflow-2.11")
    dags = work / "dags"
    dags.mkdir()
    shutil.copy(REPOSITORY / "dags" / f"{DAG_ID}.py", dags)
    return AirflowTwo(work, dags, {"KAFKA_BOOTSTRAP_SERVERS": kafka_bootstrap_servers}), work


@pytest.fixture(scope="module", params=["fork", "thread"])
def outcome(
    request: pytest.FixtureRequest,
    airflow: tuple[AirflowTwo, Path],
    kafka_bootstrap_servers: str,
    kafka_admin: KafkaAdminClient,
) -> Iterator[Outcome]:
    """Run the DAG twice at once; events leave from a fork, as is the default, or from a thread."""
    installed, work = airflow
    plain = work / f"{request.param}.ndjson"
    plain.touch()
    topic = f"test-{uuid.uuid4().hex}"
    kafka_admin.create_topics([NewTopic(topic, num_partitions=3, replication_factor=1)])
    settings = {
        "AIRFLOW__OPENLINEAGE__TRANSPORT": beside_file(plain, topic),
        "AIRFLOW__OPENLINEAGE__EXECUTE_IN_THREAD": str(request.param == "thread"),
    }
    confs = {f"{name}-{request.param}": conf for name, conf in CONFS.items()}
    expected = len(confs) * len(JOBS) * 2
    states = installed.run_dag(
        DAG_ID, confs, settings, lambda: len(plain.read_text().splitlines()) >= expected
    )
    emitted = [json.loads(line) for line in plain.read_text().splitlines()]
    kafka = KafkaSettings(bootstrap_servers=kafka_bootstrap_servers)
    messages = from_topic(topic, kafka, follow=False)
    yield Outcome(states, emitted, [event_of(message) for message in messages])
    kafka_admin.delete_topics([topic])


def dag_run_of(event: Any) -> Any:
    """Return what an event of Airflow's says of its DAG run."""
    facets = event["run"]["facets"]
    return (facets.get("airflow") or facets["airflowDagRun"])["dagRun"]


def canonical(events: Iterable[Any]) -> Counter[str]:
    """Return the events as texts that are equal if the events are."""
    return Counter(json.dumps(event, sort_keys=True) for event in events)


def test_the_dag_succeeds(outcome: Outcome) -> None:
    assert outcome.states == ["success", "success"]


def test_each_emitted_event_is_on_the_topic_as_it_was(outcome: Outcome) -> None:
    assert canonical(map(without_additions, outcome.sent)) == canonical(outcome.emitted)


def test_every_task_and_the_dag_start_and_complete(outcome: Outcome) -> None:
    expected = {(job, state) for job in JOBS for state in ("START", "COMPLETE")}
    for name in CONFS:
        events = outcome.of_run(name)
        assert {(each["job"]["name"], each["eventType"]) for each in events} == expected
        assert len(events) == len(expected)


def test_a_given_id_is_on_every_event_of_its_run(outcome: Outcome) -> None:
    for event in outcome.of_run("with-conf"):
        facets = event["run"]["facets"]
        assert facets[FACET_KEY]["pipelineRunId"] == "given-in-conf"
        assert facets[FACET_KEY]["source"] == "conf"
        assert [tag["value"] for tag in facets["tags"]["tags"] if tag["key"] == ID] == [
            "given-in-conf"
        ]


def test_a_pushed_id_is_on_the_event_of_the_task_that_pushed_it(outcome: Outcome) -> None:
    found = {
        (event["job"]["name"], event["eventType"]): event["run"]["facets"].get(FACET_KEY)
        for event in outcome.of_run("without")
    }
    pushed = found[f"{DAG_ID}.push_pipeline_run_id", "COMPLETE"]
    assert pushed is not None
    assert pushed["source"] == "xcom"
    assert uuid.UUID(pushed["pipelineRunId"])
    assert found[DAG_ID, "START"] is None
