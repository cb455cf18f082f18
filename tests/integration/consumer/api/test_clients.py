"""marquez-python, unchanged, on a real Kafka with a running consumer: each of its methods."""

import inspect
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from marquez_client import MarquezClient
from marquez_client.models import DatasetId, DatasetType, JobType

from consumer.api.settings import ApiSettings
from openlineage_avro.config.settings import AvroKafkaConfig
from tests.support.http import Client, serving
from tests.support.storing import Consumer, event, rows, wait_until

NAMESPACE, JOB, DATASET = "food delivery", "orders/etl", "public.orders:1"
FIELDS = [{"name": "id", "type": "INTEGER"}, {"name": "note", "type": "VARCHAR", "tags": ["pii"]}]


class Calls:
    """A client that remembers which of its methods were called."""

    def __init__(self, url: str) -> None:
        """Wrap a client of an API."""
        self._client = MarquezClient(url)
        self.called: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        """Return a method, which then counts as called."""
        self.called.add(name)
        return getattr(self._client, name)


@pytest.fixture
def marquez(consumer: Consumer, store_url: str, kafka_bootstrap_servers: str) -> Iterator[Calls]:
    """Yield a client of an API beside a consumer that runs."""
    kafka = AvroKafkaConfig(bootstrap_servers=kafka_bootstrap_servers, topic=consumer.topic)
    running = consumer.start("run")
    try:
        with serving(ApiSettings(store_url, kafka)) as client:
            _store_a_first_event(client, store_url)
            yield Calls(client.base)
    finally:
        running.terminate()
        running.communicate()


def _store_a_first_event(client: Client, store_url: str) -> None:
    """Wait until the consumer stores: where it has only begun, the API's answers are pending."""
    assert client.post("/lineage", json.dumps(event(1)).encode()).status_code == 201
    wait_until(lambda: bool(rows(store_url, "SELECT FROM lineage.events")))


@pytest.mark.filterwarnings("ignore::deprecation.UnsupportedWarning")
@pytest.mark.filterwarnings("ignore::deprecation.DeprecatedWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_each_method_of_marquez_python_works(marquez: Calls) -> None:
    said = marquez.create_namespace(NAMESPACE, "delivery", "All orders")
    assert said == marquez.get_namespace(NAMESPACE)
    assert (said["ownerName"], said["description"]) == ("delivery", "All orders")
    assert NAMESPACE in [each["name"] for each in marquez.list_namespaces()["namespaces"]]

    source = marquez.create_source("shop", "postgresql", "postgresql://shop:5432/orders", "Shop")
    assert source == marquez.get_source("shop")
    assert source in marquez.list_sources()["sources"]
    assert marquez.create_tag("pii", "Of persons") == {"name": "pii", "description": "Of persons"}
    assert "pii" in [each["name"] for each in marquez.list_tags(100, 0)["tags"]]

    _say_and_read_datasets(marquez)
    _say_and_read_jobs(marquez)

    public = {name for name, _ in inspect.getmembers(MarquezClient, inspect.isfunction)}
    assert {name for name in public if not name.startswith("_")} == marquez.called


def _say_and_read_datasets(marquez: Calls) -> None:
    said = marquez.create_dataset(
        NAMESPACE, DATASET, DatasetType.DB_TABLE, DATASET, "shop", "Orders", None, None, FIELDS,
        ["hot"],
    )  # fmt: skip
    assert said == marquez.get_dataset(NAMESPACE, DATASET)
    assert (said["description"], said["sourceName"], said["tags"]) == ("Orders", "shop", ["hot"])
    assert [(each["name"], each["tags"]) for each in said["fields"]] == [
        ("id", []),
        ("note", ["PII"]),
    ]
    assert marquez.list_datasets(NAMESPACE)["totalCount"] == 1
    assert marquez.tag_dataset(NAMESPACE, DATASET, "cold")["tags"] == ["cold", "hot"]
    tagged = marquez.tag_dataset_field(NAMESPACE, DATASET, "id", "key")
    assert tagged["fields"][0]["tags"] == ["KEY"]
    (version,) = marquez.list_dataset_versions(NAMESPACE, DATASET)["versions"]
    assert marquez.get_dataset_version(NAMESPACE, DATASET, version["version"]) == version


def _say_and_read_jobs(marquez: Calls) -> None:
    datasets = [DatasetId(NAMESPACE, DATASET)]
    outputs = [DatasetId(NAMESPACE, "daily")]
    described = ("https://example.com/etl", datasets, outputs, "The orders")
    said = marquez.create_job(NAMESPACE, JOB, JobType.BATCH, *described)
    assert said == marquez.get_job(NAMESPACE, JOB)
    assert (said["description"], said["latestRun"]) == ("The orders", None)
    assert marquez.list_jobs(NAMESPACE)["totalCount"] == 1

    times = {
        "nominal_start_time": "2026-01-01T00:00:00Z",
        "nominal_end_time": "2026-01-02T00:00:00Z",
    }
    run = marquez.create_job_run(NAMESPACE, JOB, run_args={"day": "1"}, **times)
    assert (run["state"], run["args"]["day"]) == ("NEW", "1")
    assert run["nominalEndTime"] == "2026-01-02T00:00:00Z"
    assert marquez.mark_job_run_as_started(run["id"])["state"] == "RUNNING"
    assert marquez.mark_job_run_as_completed(run["id"])["state"] == "COMPLETED"
    assert marquez.get_job_run(run["id"])["endedAt"] is not None
    for mark, state in (
        (marquez.mark_job_run_as_failed, "FAILED"),
        (marquez.mark_job_run_as_aborted, "ABORTED"),
    ):
        other = marquez.create_job_run(NAMESPACE, JOB, str(uuid.uuid4()), mark_as_running=True)
        assert mark(other["id"])["state"] == state
    assert marquez.list_job_runs(NAMESPACE, JOB)["totalCount"] == 3

    assert marquez.list_events(NAMESPACE)["totalCount"] == 9
    assert marquez.list_events()["totalCount"] == 9 + 1  # and the first
    assert marquez.get_column_lineage_by_dataset(NAMESPACE, DATASET) == {"graph": []}
    assert marquez.get_column_lineage_by_dataset_field(NAMESPACE, DATASET, "id") == {"graph": []}
    last = marquez.create_job_run(NAMESPACE, JOB)["id"]
    marquez.create_job(NAMESPACE, JOB, JobType.BATCH, *described, run_id=last)
    done = marquez.mark_job_run_as_completed(last)
    assert len(done["inputDatasetVersions"]) == len(done["outputDatasetVersions"]) == 1
    daily = ("daily", DatasetType.DB_TABLE, "daily", "shop", None, None, None, FIELDS)
    assert len(marquez.create_dataset(NAMESPACE, *daily)["fields"]) == 2
    assert marquez.get_column_lineage_by_job(NAMESPACE, JOB) == {"graph": []}
