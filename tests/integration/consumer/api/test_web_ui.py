"""What each page of Marquez's web UI asks, and that no answer holds what blanks the page.

The UI has no error boundary: one null where it expects something, and the page stays white.
Source: its requests and what it did with changed answers, each tried on the real one.
"""

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote

import pytest

from consumer.store.store import Store
from tests.support import corpus
from tests.support.http import Client
from tests.support.storing import put
from tests.support.told import dataset, made_of, named, told

SPACE = "a name with spaces / and: %"
ALIAS = "file:/data/warehouse|default.sales"
LINK = {"symlinks": {"identifiers": [named(ALIAS) | {"type": "TABLE"}]}}


def story() -> list[dict[str, Any]]:
    """Return what Marquez gets wrong, beside what Airflow sent."""
    late = told("late start", 30, state="START", run="late", namespace=SPACE)
    late["eventTime"] = "2026-03-01T00:05:00Z"
    columns = made_of(price=f"{SPACE}|in put.cents")
    sales = dataset("s3://lake|sales", "price day", columnLineage=columns, **LINK)
    return [
        *corpus.sample_dags(),
        told(
            "late start",
            10,
            [dataset(f"{SPACE}|in put", "cents")],
            [sales],
            run="late",
            namespace=SPACE,
        ),
        late,
        late,
        told("reader", 11, [dataset(ALIAS)], "totals", namespace=SPACE),
        told("open", 12, "totals", state="START", namespace=SPACE),
        told("bare", 13, namespace=SPACE),
    ]


@pytest.fixture
def ui(store: Store, api: Client) -> Client:
    """Return a client of an API whose store holds all that."""
    put(store, story())
    return api


def encoded(text: str) -> str:
    """Return a part of a path or a parameter as the browser sends it."""
    return quote(text, safe="")


def namespaces(ui: Client) -> list[str]:
    """Return the names of the namespaces."""
    return [each["name"] for each in ui.body("/namespaces")["namespaces"]]


def jobs(ui: Client) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the path and the object of each job."""
    for namespace in namespaces(ui):
        path = f"/namespaces/{encoded(namespace)}/jobs"
        for job in ui.body(f"{path}?limit=20&offset=0")["jobs"]:
            yield f"{path}/{encoded(job['name'])}", job


def datasets(ui: Client) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the path and the object of each dataset."""
    for namespace in namespaces(ui):
        path = f"/namespaces/{encoded(namespace)}/datasets"
        for each in ui.body(f"{path}?limit=20&offset=0")["datasets"]:
            yield f"{path}/{encoded(each['name'])}", each


def check_dates(value: Any) -> None:
    """Check that dates are there: the page shows 1970 instead of a null."""
    for name in ("createdAt", "updatedAt"):
        assert value[name].endswith("Z"), value


def test_every_page_asks_for_namespaces_and_tags(ui: Client) -> None:
    assert SPACE in namespaces(ui)
    for each in ui.body("/namespaces")["namespaces"]:
        check_dates(each)
    assert isinstance(ui.body("/tags")["tags"], list)


@pytest.mark.parametrize("state", ["", "&lastRunStates=RUNNING", "&lastRunStates=COMPLETED"])
def test_dashboard(ui: Client, state: str) -> None:
    body = ui.body(f"/jobs?limit=10&offset=0{state}")

    assert body["jobs"]
    assert isinstance(body["totalCount"], int)
    for job in body["jobs"]:
        assert None not in (job["tags"], job["id"], job["name"])
        # An empty list is what blanks the page.
        assert job["latestRuns"] is None or len(job["latestRuns"]) > 0
    zone = encoded("Europe/Berlin")
    for period in ("DAY", "WEEK"):
        for kind in ("lineage-events", "jobs", "datasets", "sources"):
            rows = ui.body(f"/stats/{kind}?period={period}&timezone={zone}")
            assert isinstance(rows, list)
            assert kind == "lineage-events" or isinstance(rows[-1]["count"], int)


def test_jobs(ui: Client) -> None:
    found = list(jobs(ui))

    assert {job["name"] for _, job in found} >= {"late start", "reader", "open", "bare"}
    for _, job in found:
        assert None not in (job["name"], job["namespace"], job["id"], job["tags"])
        check_dates(job)
    bodies = [
        ui.body(f"/namespaces/{encoded(each)}/jobs?limit=20&offset=0") for each in namespaces(ui)
    ]
    assert all(isinstance(each["totalCount"], int) for each in bodies)


def test_datasets(ui: Client) -> None:
    found = list(datasets(ui))

    assert {each["name"] for _, each in found} >= {"in put", "sales", "default.sales", "totals"}
    for _, each in found:
        assert None not in (each["id"], each["name"], each["fields"], each["tags"])
        assert each["deleted"] is False
        check_dates(each)


@pytest.mark.parametrize("direction", ["desc", "asc"])
def test_events(ui: Client, direction: str) -> None:
    body = ui.body(
        "/events/lineage?limit=50&before=2026-03-01T23:59:59.000Z&after=2026-03-01T00:00:00.000Z"
        f"&offset=0&sortDirection={direction}"
    )

    assert body["totalCount"] == len(body["events"]) == 5
    for event in body["events"]:
        assert event["run"]["runId"]
        assert event["job"]["name"]
    times = [event["eventTime"] for event in body["events"]]
    assert times == sorted(times, reverse=direction == "desc")


def test_today_without_events(ui: Client) -> None:
    today = datetime.now(timezone.utc).date()
    body = ui.body(
        f"/events/lineage?limit=50&before={today}T23:59:59.000Z&after={today}T00:00:00.000Z"
        "&offset=0&sortDirection=desc"
    )

    assert body == {"events": [], "totalCount": 0}


def test_lineage_of_every_job_and_dataset(ui: Client) -> None:
    nodes = [f"job:{job['namespace']}:{job['name']}" for _, job in jobs(ui)]
    nodes += [f"dataset:{each['namespace']}:{each['name']}" for _, each in datasets(ui)]
    for node in nodes:
        graph = ui.body(f"/lineage?nodeId={encoded(node)}&depth=2")["graph"]
        ids = {each["id"] for each in graph}
        assert node in ids, "the page shows nothing without the node that it is about"
        for each in graph:
            check_node(each)
            assert {edge["origin"] for edge in each["inEdges"]} <= ids
            assert {edge["destination"] for edge in each["outEdges"]} <= ids


def check_node(node: dict[str, Any]) -> None:
    """Check what the page reads of a node."""
    assert node["type"] in ("JOB", "DATASET")
    assert None not in (node["inEdges"], node["outEdges"], node["data"])
    data = node["data"]
    assert node["id"] == f"{node['type'].lower()}:{data['namespace']}:{data['name']}"
    if node["type"] == "DATASET":
        assert all(field["name"] and field["tags"] is not None for field in data["fields"])


def test_column_level(ui: Client) -> None:
    asked = [each for each in datasets(ui) if each[1]["columnLineage"]]

    assert {each["name"] for _, each in asked} >= {"sales", "warehouse.public.country_revenue"}
    for _, each in asked:
        node = encoded(f"dataset:{each['namespace']}:{each['name']}")
        graph = ui.body(f"/column-lineage?nodeId={node}&depth=2&withDownstream=true")["graph"]
        ids = {found["id"] for found in graph}
        assert graph, each["name"]
        for found in graph:
            assert found["data"]["field"]
            # One end outside the graph, and all of it vanishes.
            assert {edge["destination"] for edge in found["outEdges"]} <= ids
            assert {edge["destination"] for edge in found["inEdges"]} <= ids


def test_a_dataset_without_columns_is_no_page(ui: Client) -> None:
    node = encoded("dataset:data:totals")

    assert ui.get(f"/column-lineage?nodeId={node}&depth=2&withDownstream=true").status_code == 404


def test_job_drawer_and_history(ui: Client) -> None:
    for path, listed in jobs(ui):
        job = ui.body(path)
        assert None not in (job["tags"], job["name"], job["inputs"], job["outputs"])
        assert job["id"] == listed["id"]
        for page in ("limit=14&offset=0", "limit=10&offset=0", "limit=10&offset=10"):
            body = ui.body(f"{path}/runs?{page}")
            assert isinstance(body["totalCount"], int)
            for run in body["runs"]:
                assert run["id"]
                assert run["state"] in ("NEW", "RUNNING", "COMPLETED", "FAILED", "ABORTED")
        for run in ui.body(f"{path}/runs?limit=1&offset=0")["runs"]:
            answer = ui.get(f"/jobs/runs/{encoded(run['id'])}/facets?type=job")
            assert answer.status_code in (200, 204)


def test_a_late_start_does_not_open_a_run_again(ui: Client) -> None:
    path = f"/namespaces/{encoded(SPACE)}/jobs/{encoded('late start')}"

    (run,) = ui.body(f"{path}/runs?limit=14&offset=0")["runs"]

    assert run["state"] == "COMPLETED"
    assert run["startedAt"] == "2026-03-01T00:05:00Z"
    assert run["durationMs"] == 5 * 60 * 1000


def test_dataset_drawer_and_versions(ui: Client) -> None:
    for path, listed in datasets(ui):
        found = ui.body(path)
        assert None not in (found["fields"], found["tags"], found["name"])
        assert all(field["tags"] is not None for field in found["fields"])
        assert found["id"] == listed["id"]
        body = ui.body(f"{path}/versions?limit=10&offset=0")
        assert isinstance(body["totalCount"], int)
        for version in body["versions"]:
            assert None not in (version["fields"], version["version"])
            assert version["createdByRun"] is None or version["createdByRun"]["id"]


@pytest.mark.parametrize("typed", ["sales", "a b&c%", "%", "late start", ""])
def test_search(ui: Client, typed: str) -> None:
    """What is typed is not encoded, but for what no address can hold."""
    for more in ("&sort=UPDATE_AT", "&sort=NAME", "&sort=NAME&filter=JOB", "&filter=DATASET"):
        body = ui.body(f"/search?q={typed.replace(' ', '%20')}&limit=100{more}")
        assert isinstance(body["totalCount"], int)
        assert all(each["name"] and each["nodeId"] for each in body["results"])
