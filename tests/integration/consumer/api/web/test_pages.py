"""Datasets, pipeline runs, traffic and search, as the web application shows them."""

from collections.abc import Iterator
from urllib.parse import quote

import psycopg
import pytest

from consumer import sql
from consumer.api.settings import ApiSettings
from consumer.store.store import Store
from tests.integration.consumer.store.test_roles import drop_rights, grant_reader, role, url_as
from tests.support.http import Client, serving
from tests.support.storing import batch, offset_of
from tests.support.web_events import DAG

__all__ = ["role"]


def test_a_dataset_has_its_schema_writers_readers_and_impact(filled: Client) -> None:
    page = filled.web_body("/dataset", name="sales.revenue")

    assert [(each["name"], each["type"]) for each in page["fields"]] == [
        ("total", "numeric"),
        ("share", "numeric"),
    ]
    assert [(each["change"], each["field"]) for each in page["changes"]] == [
        ("added", "share"),
        ("added", "total"),
    ]
    assert page["owners"] == [{"name": "team:sales", "type": "OWNER"}]
    assert page["tags"] == [{"key": "certified", "value": "true", "field": None}]
    assert [(each["rows"], each["bytes"]) for each in page["written"]] == [
        (22, 22000),
        (23, 23000),
    ]
    assert [(each["name"], each["direction"]) for each in page["jobs"]] == [
        ("refresh_sales", "output")
    ]
    read = filled.web_body("/dataset", name="warehouse.public.country_revenue")
    assert [(each["name"], each["direction"]) for each in read["jobs"]] == [
        ("refresh_sales", "input"),
        ("orders_lineage_dag.refresh_dashboard", "input"),
        ("orders_lineage_dag.country_revenue", "output"),
    ]
    assert [(each["assertion"], each["success"]) for each in read["checks"]] == [
        ("not_null", False)
    ]
    assert {each["name"] for each in read["impact"]} == {
        *("refresh_sales", "sales.revenue"),
        *("orders_lineage_dag.refresh_dashboard", "sales.by_country"),
    }


def test_a_pipeline_run_has_its_runs_in_time(filled: Client) -> None:
    listed = filled.web_body("/dag-runs", dag_id="complex_failure_dag")["dagRuns"][0]

    page = filled.web_body(f"/pipeline-runs/{listed['pipelineRunId']}")

    assert (page["state"], page["runs"], page["dagRuns"]) == ("FAIL", 12, 1)
    assert page["steps"][0]["isDagRun"]
    begun = [each["startedAt"] for each in page["steps"]]
    assert begun == sorted(begun)
    assert filled.web("/pipeline-runs/nothing").status_code == 404


def test_a_pipeline_run_has_what_its_runs_read_and_wrote(filled: Client) -> None:
    [run, *_] = filled.web_body("/dag-runs", dag_id=DAG)["dagRuns"]

    page = filled.web_body(f"/pipeline-runs/{quote(run['pipelineRunId'], safe='')}")

    names = [f"warehouse.public.{name}" for name in ("clean_orders", "customers", "orders")]
    assert [each["name"] for each in page["inputs"]] == names
    assert {"namespace", "name"} == set(page["outputs"][0])


def test_traffic_tells_bytes_by_type_and_facet_and_what_was_lost(
    filled: Client, store: Store
) -> None:
    store.write(batch([b"not an event"], offset_of(store).next_offset))

    page = filled.web_body("/traffic", until="2026-11-24T00:00:00Z")

    assert [(each["day"], each["events"]) for each in page["days"]] == [
        ("2026-11-22", 77),
        ("2026-11-23", 11),
    ]
    by_type = {each["name"]: each for each in page["byType"]}
    assert set(by_type) == {"START", "COMPLETE", "FAIL"}
    assert all(each["avroBytes"] < each["jsonBytes"] for each in by_type.values())
    assert page["measured"] == 88
    assert [each["rejected"] for each in page["partitions"]] == [1]
    assert page["rejected"][0]["reason"].startswith("expected JSON")
    assert page["gaps"] == []


def test_the_events_of_an_older_store_are_counted_when_it_is_upgraded(
    filled: Client, store_url: str
) -> None:
    days = filled.web_body("/traffic", until="2026-11-24T00:00:00Z")["days"]
    [upgrade] = [text for version, _, text in sql.migrations() if version == 7]
    counting = upgrade[upgrade.index("INSERT INTO") :]
    with psycopg.connect(store_url, autocommit=True) as connection:
        connection.execute("TRUNCATE lineage_store.event_days")
        connection.execute(counting.encode())

    assert days == filled.web_body("/traffic", until="2026-11-24T00:00:00Z")["days"]
    assert sum(day["events"] for day in days) == 88


def test_a_search_finds_every_kind(filled: Client) -> None:
    found = filled.web_body("/search", q="revenue")["found"]

    assert {each["kind"] for each in found} == {"dataset", "job", "column"}
    run_id = filled.web_body("/dag-runs", dag_id=DAG)["dagRuns"][0]["runId"]
    runs = filled.web_body("/search", q=run_id)["found"]
    assert [(each["kind"], each["field"]) for each in runs] == [("run", run_id)]
    assert filled.web_body("/search", q="nothing has this name")["found"] == []


@pytest.fixture
def read_only(filled: Client, store_url: str, role: str) -> Iterator[Client]:
    """Yield a client of an API whose role may only read schema lineage."""
    grant_reader(store_url, role)
    with serving(ApiSettings(url_as(role, store_url))) as client:
        yield client
    drop_rights(store_url, role)


def test_a_role_that_may_only_read_is_enough(read_only: Client) -> None:
    run = read_only.web_body("/dag-runs")["dagRuns"][0]
    for path, parameters in (
        (f"/dag-runs/{run['runId']}", {}),
        (f"/pipeline-runs/{run['pipelineRunId']}", {}),
        ("/graph", {"kind": "dataset", "name": "sales.revenue"}),
        ("/columns", {"namespace": "dashboards", "name": "sales.revenue"}),
        ("/columns/path", {"name": "sales.revenue", "field": "total"}),
        ("/dataset", {"name": "sales.revenue"}),
        ("/traffic", {}),
        ("/search", {"q": "revenue"}),
    ):
        assert read_only.web_body(path, **parameters)
