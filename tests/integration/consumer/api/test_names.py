"""Namespaces, jobs, datasets, runs and tags on a real store, and what people say of them."""

import json
import uuid
from typing import Any

import psycopg
import pytest
import requests
from psycopg import sql
from psycopg.conninfo import make_conninfo

from consumer.api.settings import ApiSettings
from consumer.store.store import Store
from tests.support.http import Client, serving
from tests.support.storing import put

RUN, CHILD = "01a2044e-27ac-7462-9c09-43476a701705", "01a2044e-27ac-7462-9c09-43476a701706"
SPACED = "a space in it"
MISSING = "/namespaces/n/jobs/none"


def event(second: int, kind: str, run: str = RUN, **more: Any) -> dict[str, Any]:
    """Return an event of a run of job `job` at a second of one minute."""
    return {
        "eventType": kind,
        "eventTime": f"2026-01-13T08:00:{second:02}Z",
        "run": {"runId": run},
        "job": {"namespace": SPACED, "name": "job"},
        "producer": "https://example.com",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    } | more


def child(second: int, kind: str) -> dict[str, Any]:
    """Return an event of a run under that of `job`."""
    parent = {"run": {"runId": RUN}, "job": {"namespace": SPACED, "name": "job"}}
    run = {"runId": CHILD, "facets": {"parent": parent}}
    return event(second, kind, job={"namespace": SPACED, "name": "step"}) | {"run": run}


def call(api: Client, method: str, path: str, body: Any = None) -> requests.Response:
    """Return the answer to a request below /api/v1."""
    return requests.request(method, f"{api.base}/api/v1{path}", json=body, timeout=30)


def changed(api: Client, method: str, path: str, body: Any = None) -> Any:
    """Return the JSON of an answer that must be a success."""
    answer = call(api, method, path, body)
    assert answer.ok, answer.text
    return answer.json()


OUTPUT = {
    "namespace": "file://",
    "name": "/data/x",
    "facets": {
        "schema": {"fields": [{"name": "id", "type": "int"}]},
        "symlinks": {"identifiers": [{"namespace": "hive", "name": "db.x", "type": "TABLE"}]},
    },
}


def test_a_late_start_and_a_duplicate_do_not_reopen_a_run(store: Store, api: Client) -> None:
    start, complete = event(1, "START"), event(9, "COMPLETE")
    put(store, [event(5, "OTHER"), complete, start, start, event(7, "OTHER")], 1)

    run = api.body(f"/jobs/runs/{RUN}")

    assert (run["state"], run["endedAt"]) == ("COMPLETED", "2026-01-13T08:00:09Z")
    assert api.body("/namespaces/a%20space%20in%20it/jobs/job/runs")["totalCount"] == 1
    job = api.body("/namespaces/a%20space%20in%20it/jobs/job")
    assert job["latestRun"]["state"] == "COMPLETED"


@pytest.mark.parametrize(
    "path",
    [
        *("/namespaces/a%00b", "/namespaces/n/jobs/a%00b", "/namespaces/n/datasets/a%00b"),
        *("/lineage?nodeId=job:n:a%00b", "/sources/a%00", "/search?q=a%00b", "/tags/a%00b"),
    ],
)
def test_nul_is_in_no_name(api: Client, path: str) -> None:
    assert call(api, "GET", path).status_code in (200, 404, 405)


@pytest.mark.parametrize("owner", ["a\0b", "\ud800"])
def test_what_the_store_cannot_hold_is_replaced_in_notes_too(api: Client, owner: str) -> None:
    said = json.dumps({"ownerName": owner}).encode()
    url = f"{api.base}/api/v1/namespaces/zz"
    answer = requests.put(url, data=said, headers={"Content-Type": "application/json"}, timeout=30)
    assert answer.ok, answer.text
    assert "\ufffd" in answer.json()["ownerName"]


def test_nominal_times_and_the_parent_are_told(store: Store, api: Client) -> None:
    times = {"nominalStartTime": "2026-01-12T00:00:00Z", "nominalEndTime": "2026-01-13T00:00:00Z"}
    put(store, [event(1, "START") | {"run": {"runId": RUN, "facets": {"nominalTime": times}}}])
    put(store, [child(2, "START"), child(3, "COMPLETE")])

    assert api.body(f"/jobs/runs/{RUN}")["nominalEndTime"] == times["nominalEndTime"]
    step = api.body("/namespaces/a%20space%20in%20it/jobs/job.step")
    assert (step["simpleName"], step["parentJobName"]) == ("step", "job")
    assert step["latestRun"]["args"] == {"run_id": RUN, "name": "job", "namespace": SPACED}


def test_nominal_times_are_written_as_all_times_are(store: Store, api: Client) -> None:
    times = {"nominalStartTime": "2026-01-12T02:00:00+02:00", "nominalEndTime": "tomorrow"}
    put(store, [event(1, "START") | {"run": {"runId": RUN, "facets": {"nominalTime": times}}}])

    run = api.body(f"/jobs/runs/{RUN}")

    told = {"nominalStartTime": "2026-01-12T00:00:00Z", "nominalEndTime": "tomorrow"}
    assert run["facets"]["nominalTime"] == told
    # As Marquez writes arguments: without seconds that are zero.
    assert run["args"] == {
        "nominal_start_time": "2026-01-12T00:00Z",
        "nominal_end_time": "tomorrow",
    }


def test_of_events_of_one_time_the_later_on_kafka_tells_the_facets(
    store: Store, api: Client
) -> None:
    for order in ((1, 2), (3, 0)):
        facets = [{"note": {"number": number}} for number in order]
        run = f"01a2044e-27ac-7462-9c09-43476a70170{order[0]}"
        put(store, [event(1, "START", run) | {"run": {"runId": run, "facets": f}} for f in facets])

        assert api.body(f"/jobs/runs/{run}")["facets"] == facets[-1]


def test_a_job_that_names_itself_as_its_parent_keeps_its_name(store: Store, api: Client) -> None:
    job = {"namespace": SPACED, "name": "dag.task"}
    run = {"runId": CHILD, "facets": {"parent": {"run": {"runId": RUN}, "job": job}}}
    put(store, [event(1, "START", job=job) | {"run": run}])

    (found,) = api.body("/namespaces/a%20space%20in%20it/jobs")["jobs"]

    assert (found["name"], found["simpleName"]) == ("dag.task", "task")
    assert found["parentJobName"] == "dag"
    assert found["parentJobUuid"] is not None


def test_a_run_without_events_has_those_of_its_children(store: Store, api: Client) -> None:
    put(store, [child(2, "START"), child(3, "FAIL")])

    run = api.body(f"/jobs/runs/{RUN}")

    assert (run["state"], run["endedAt"]) == ("FAILED", "2026-01-13T08:00:03Z")
    assert api.body("/jobs?lastRunStates=failed")["totalCount"] == 2


def named_by(facet: str) -> dict[str, Any]:
    """Return facets that name the run of `job` otherwise than as a parent."""
    job = {"run": {"runId": RUN}, "job": {"namespace": SPACED, "name": "job"}}
    if facet == "jobDependencies":
        return {"jobDependencies": {"upstream": [job]}}
    between = {"run": {"runId": str(uuid.uuid4())}, "job": {"namespace": SPACED, "name": "dag"}}
    if facet == "root":
        return {"parent": between | {"root": job}}
    return {"parent": between, "jobDependencies": {"upstream": [job]}}


@pytest.mark.parametrize("facet", ["root", "jobDependencies", "jobDependencies beside a parent"])
def test_a_run_that_others_name_alone_is_listed(store: Store, api: Client, facet: str) -> None:
    run = {"runId": CHILD, "facets": named_by(facet)}
    naming = event(1, "START", job={"namespace": SPACED, "name": "step"}) | {"run": run}
    put(store, [event(0, "COMPLETE", str(uuid.uuid4())), naming])
    (job,) = (job for job in api.body("/jobs")["jobs"] if job["name"] == "job")
    (told,) = (run for run in job["latestRuns"] if run["id"] == RUN)
    assert (told["state"], told["createdAt"]) == ("NEW", "2026-01-13T08:00:01Z")
    assert api.body(f"/jobs/runs/{RUN}") == told


def test_a_dataset_is_found_under_each_of_its_names(store: Store, api: Client) -> None:
    put(store, [event(1, "COMPLETE", outputs=[OUTPUT])])

    for namespace, name in (("file:%2F%2F", "%2Fdata%2Fx"), ("hive", "db.x")):
        found = api.body(f"/namespaces/{namespace}/datasets/{name}")
        assert [field["name"] for field in found["fields"]] == ["id"]
        assert found["physicalName"] == "/data/x"
        versions = api.body(f"/namespaces/{namespace}/datasets/{name}/versions")["versions"]
        assert [each["createdByRun"]["id"] for each in versions] == [RUN]
        assert versions[0]["version"] == found["currentVersion"]
    outputs = api.body(f"/namespaces/{SPACED}/jobs/job")["outputs"]
    assert [each["name"] for each in outputs] == ["/data/x", "db.x"]


def test_versions_are_the_same_from_call_to_call(store: Store, api: Client) -> None:
    put(store, [event(1, "COMPLETE", outputs=[OUTPUT])])
    job = f"/namespaces/{SPACED}/jobs/job"
    (version,) = api.body(f"{job}/versions")["versions"]

    assert api.body(f"{job}/versions/{version['version']}") == version
    assert api.body(job)["currentVersion"] == version["version"]
    put(store, [event(2, "COMPLETE", CHILD)])
    newest, before = api.body(f"{job}/versions")["versions"]
    assert before == version
    assert newest["outputs"] == []


def test_what_is_hidden_comes_back_with_a_newer_event(store: Store, api: Client) -> None:
    put(store, [event(1, "COMPLETE", outputs=[OUTPUT])])
    job, dataset = f"/namespaces/{SPACED}/jobs/job", "/namespaces/file:%2F%2F/datasets/%2Fdata%2Fx"

    assert changed(api, "DELETE", job)["name"] == "job"
    assert changed(api, "DELETE", dataset)["name"] == "/data/x"
    for gone in (job, dataset):
        assert api.get(gone).status_code == 404
    assert api.body("/jobs")["jobs"] == []
    later = event(1, "COMPLETE", outputs=[OUTPUT]) | {"eventTime": "2999-01-01T00:00:00Z"}
    put(store, [later])
    for back in (job, dataset):
        assert api.get(back).ok

    assert changed(api, "DELETE", f"/namespaces/{SPACED}")["isHidden"] is True
    assert SPACED not in [each["name"] for each in api.body("/namespaces")["namespaces"]]
    assert api.get(job).status_code == 404
    changed(api, "PUT", f"/namespaces/{SPACED}", {"ownerName": "me"})
    assert api.get(job).ok


def test_tags_of_jobs_datasets_and_fields(store: Store, api: Client) -> None:
    put(store, [event(1, "COMPLETE", outputs=[OUTPUT]), child(2, "START")])
    job, dataset = f"/namespaces/{SPACED}/jobs/job.step", "/namespaces/hive/datasets/db.x"

    assert call(api, "POST", f"{job}/tags/hot").status_code == 201
    assert api.body(job)["tags"] == ["hot"]
    assert changed(api, "DELETE", f"{job}/tags/hot")["tags"] == []
    assert changed(api, "POST", f"{dataset}/tags/cold")["tags"] == ["cold"]
    assert changed(api, "POST", f"{dataset}/fields/id/tags/pii")["fields"][0]["tags"] == ["PII"]
    assert changed(api, "DELETE", f"{dataset}/fields/id/tags/pii")["fields"][0]["tags"] == []
    names = [each["name"] for each in api.body("/tags")["tags"]]
    assert names == ["PII", "cold", "hot"]


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        (MISSING, 404, "Job 'none' not found."),
        ("/namespaces/none/datasets", 404, "Namespace 'none' not found."),
        ("/namespaces/n/datasets/a%2Fb", 404, "Dataset 'a/b' not found."),
        (f"/jobs/runs/{RUN}", 404, f"Run '{RUN}' not found."),
        ("/jobs/runs/no-uuid", 404, "HTTP 404 Not Found"),
        ("/jobs?lastRunStates=odd", 400, "lastRunStates: expected any of"),
        (f"/jobs/runs/{RUN}/facets?type=odd", 400, "type: expected run or job, got odd"),
    ],
)
def test_what_is_not_there_is_told(api: Client, path: str, status: int, message: str) -> None:
    answer = api.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, status)
    assert answer.json()["message"].startswith(message)


def test_without_kafka_nothing_is_said_of_runs(store: Store, api: Client) -> None:
    put(store, [event(1, "START")])
    answer = call(api, "POST", f"/jobs/runs/{RUN}/complete")
    assert answer.status_code == 501
    assert "KAFKA_BOOTSTRAP_SERVERS" in answer.json()["message"]


def test_a_reader_reads_all_and_changes_nothing(store: Store, store_url: str, api: Client) -> None:
    put(store, [event(1, "COMPLETE", inputs=[OUTPUT], outputs=[OUTPUT]), child(2, "START")])
    (version,) = api.body("/namespaces/hive/datasets/db.x/versions?limit=1")["versions"]
    name, password = f"reader_{uuid.uuid4().hex}", uuid.uuid4().hex
    with psycopg.connect(store_url, autocommit=True) as server:
        role = sql.Identifier(name)
        server.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, password))
        server.execute(sql.SQL("GRANT lineage_reader TO {}").format(role))
    try:
        url = make_conninfo(store_url, user=name, password=password)
        with serving(ApiSettings(url)) as reader:
            for path in (
                "/namespaces", "/tags", "/sources", "/jobs", "/jobs?lastRunStates=running",
                "/events", f"/events/{SPACED}",
                f"/namespaces/{SPACED}", f"/namespaces/{SPACED}/jobs",
                f"/namespaces/{SPACED}/jobs/job", f"/namespaces/{SPACED}/jobs/job.step/runs",
                f"/namespaces/{SPACED}/jobs/job/versions",
                f"/jobs/runs/{RUN}", f"/jobs/runs/{CHILD}/facets?type=run",
                "/namespaces/hive/datasets", "/namespaces/hive/datasets/db.x",
                f"/namespaces/hive/datasets/db.x/versions/{version['version']}",
            ):  # fmt: skip
                assert reader.body(path) == api.body(path)
            answer = call(reader, "PUT", "/tags/new", {"description": "x"})
            assert answer.status_code == 403
            assert "migrate --grant-to" in answer.json()["message"]
    finally:
        with psycopg.connect(store_url, autocommit=True) as server:
            server.execute(sql.SQL("DROP ROLE {}").format(role))
