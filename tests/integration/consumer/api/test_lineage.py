"""Graphs of jobs and datasets: which nodes are near, what they show, and what stays right."""

from typing import Any

import pytest

from consumer.api.graph_shapes import Lineage
from consumer.store.store import Store
from tests.support.http import Client
from tests.support.storing import put
from tests.support.told import dataset, named, run_id_of, told

CHAIN = [
    told("extract", 1, "raw", "staged"),
    told("transform", 2, "staged", "clean"),
    told("report", 3, "clean", "pdf"),
]


def nodes(api: Client, node_id: str, depth: int = 20) -> dict[str, Any]:
    """Return the nodes of a graph, which must have the shape that is documented, by their ids."""
    body = api.body("/lineage", nodeId=node_id, depth=depth)
    assert Lineage.model_validate(body).model_dump() == body
    graph = body["graph"]
    assert [each["id"] for each in graph] == sorted(each["id"] for each in graph)
    return {each["id"]: each for each in graph}


def names(found: dict[str, Any]) -> str:
    """Return the names of the nodes: those of jobs, then those of datasets."""
    kinds = ("JOB", "DATASET")
    return " ".join(n["data"]["name"] for k in kinds for n in found.values() if n["type"] == k)


def edges(found: dict[str, Any]) -> set[tuple[str, str]]:
    """Return the edges among nodes; each must be told at both of its ends, and nowhere else."""
    outgoing = {(e["origin"], e["destination"]) for n in found.values() for e in n["outEdges"]}
    incoming = {(e["origin"], e["destination"]) for n in found.values() for e in n["inEdges"]}
    assert outgoing == incoming
    assert {end for edge in outgoing for end in edge} <= set(found)
    return outgoing


def test_a_step_leads_to_the_jobs_that_share_a_dataset(store: Store, api: Client) -> None:
    put(store, CHAIN)

    assert names(nodes(api, "job:jobs:extract", 0)) == "extract raw staged"
    assert names(nodes(api, "job:jobs:extract", 1)) == "extract transform clean raw staged"
    assert names(nodes(api, "job:jobs:transform", 1)) == (
        "extract report transform clean pdf raw staged"
    )
    assert edges(nodes(api, "job:jobs:extract")) == {
        ("dataset:data:raw", "job:jobs:extract"),
        ("job:jobs:extract", "dataset:data:staged"),
        ("dataset:data:staged", "job:jobs:transform"),
        ("job:jobs:transform", "dataset:data:clean"),
        ("dataset:data:clean", "job:jobs:report"),
        ("job:jobs:report", "dataset:data:pdf"),
    }


def test_the_graph_of_a_dataset_is_that_of_the_job_which_wrote_it_last(
    store: Store, api: Client
) -> None:
    put(store, [*CHAIN, told("backfill", 4, "archive", "clean")])

    assert names(nodes(api, "dataset:data:clean", 0)) == "backfill archive clean"
    assert names(nodes(api, "dataset:data:raw", 0)) == "extract raw staged"


def test_a_dataset_that_no_job_uses_stands_alone(store: Store, api: Client) -> None:
    event = {key: value for key, value in told("j").items() if key not in ("run", "job")}
    put(store, [event | {"dataset": dataset("lonely", "a b")}])

    found = nodes(api, "dataset:data:lonely")

    assert names(found) == "lonely"
    assert [each["name"] for each in found["dataset:data:lonely"]["data"]["fields"]] == ["a", "b"]


def test_a_job_without_datasets_stands_alone(store: Store, api: Client) -> None:
    put(store, [told("idle")])

    found = nodes(api, "job:jobs:idle")

    assert names(found) == "idle"
    assert found["job:jobs:idle"]["inEdges"] == found["job:jobs:idle"]["outEdges"] == []


def test_an_open_run_takes_nothing_away(store: Store, api: Client) -> None:
    put(store, [*CHAIN, told("transform", 9, state="START")])

    found = nodes(api, "job:jobs:transform")

    assert names(found) == "extract report transform clean pdf raw staged"
    assert found["job:jobs:transform"]["data"]["latestRun"]["state"] == "RUNNING"


def test_a_failed_run_takes_nothing_away(store: Store, api: Client) -> None:
    put(store, [*CHAIN, told("transform", 9, "staged", state="FAIL")])

    assert ("job:jobs:transform", "dataset:data:clean") in edges(nodes(api, "job:jobs:transform"))


def test_a_newer_complete_run_says_what_a_job_does_now(store: Store, api: Client) -> None:
    put(store, [*CHAIN, told("transform", 9, "other", "clean")])

    found = nodes(api, "job:jobs:transform")

    assert ("dataset:data:other", "job:jobs:transform") in edges(found)
    assert "dataset:data:staged" not in found


def test_the_events_of_a_run_add_up(store: Store, api: Client) -> None:
    put(
        store,
        [
            told("both", 1, "first", state="START", run="one"),
            told("both", 2, "second", state="RUNNING", run="one"),
            told("both", 3, "", "result", run="one"),
        ],
    )

    assert names(nodes(api, "job:jobs:both")) == "both first result second"


def test_a_batch_job_that_never_ended_has_no_edges_yet(store: Store, api: Client) -> None:
    put(store, [told("open", 1, "a", "b", state="START")])

    assert names(nodes(api, "job:jobs:open")) == "open"


def test_a_stream_has_edges_though_it_never_ends(store: Store, api: Client) -> None:
    event = told("open", 1, "a", "b", state="RUNNING")
    kind = {"processingType": "STREAMING", "integration": "FLINK", "jobType": "JOB"}
    event["job"]["facets"] = {"jobType": {"_producer": "p", "_schemaURL": "s"} | kind}
    put(store, [event])

    found = nodes(api, "job:jobs:open")

    assert names(found) == "open a b"
    assert found["job:jobs:open"]["data"]["type"] == "STREAM"


def test_a_job_event_states_edges_without_a_run(store: Store, api: Client) -> None:
    event = told("planned", 1, "a", "b")
    put(store, [{key: value for key, value in event.items() if key not in ("run", "eventType")}])

    assert names(nodes(api, "job:jobs:planned")) == "planned a b"


def test_order_and_duplicates_change_nothing(store: Store, api: Client) -> None:
    story = [told("j", 1, "a", state="START", run="r"), told("j", 2, "", "b", run="r")]
    put(store, [story[1], story[0], story[0], story[1]])

    found = nodes(api, "job:jobs:j")

    assert names(found) == "j a b"
    run = found["job:jobs:j"]["data"]["latestRun"]
    assert run["state"] == "COMPLETED"
    assert (run["startedAt"], run["endedAt"]) == ("2026-03-01T00:01:00Z", "2026-03-01T00:02:00Z")


def test_a_job_with_a_parent_is_shown_with_its_parents_run(store: Store, api: Client) -> None:
    put(
        store,
        [
            told("dag", 1, state="START", run="dag run"),
            told("dag.task", 2, "a", "b", run="task run", parent=("dag", "dag run")),
        ],
    )

    job = nodes(api, "job:jobs:dag.task")["job:jobs:dag.task"]["data"]

    assert job["parentJobName"] == "dag"
    assert job["simpleName"] == "task"
    assert job["currentRunUuid"] == job["latestRun"]["id"] == run_id_of("dag run")
    assert job["latestRun"]["state"] == "RUNNING"


def test_a_job_below_two_parents_is_two_jobs(store: Store, api: Client) -> None:
    put(
        store,
        [
            told("model", 1, "a", "b", parent=("nightly", "n")),
            told("model", 2, "a", "c", parent=("hourly", "h")),
        ],
    )

    assert names(nodes(api, "dataset:data:a")) == "hourly.model nightly.model a b c"
    assert names(nodes(api, "job:jobs:nightly.model", 0)) == "nightly.model a b"


@pytest.mark.parametrize("asked", ["s3://lake|sales", "file:/warehouse|default.sales"])
def test_a_symlinked_dataset_is_found_under_each_name(
    store: Store, api: Client, asked: str
) -> None:
    link = {"identifiers": [named("file:/warehouse|default.sales") | {"type": "TABLE"}]}
    put(
        store,
        [
            told("write", 1, "raw", [dataset("s3://lake|sales", symlinks=link)]),
            told("read", 2, "file:/warehouse|default.sales", "totals"),
        ],
    )
    namespace, name = named(asked).values()

    found = nodes(api, f"dataset:{namespace}:{name}")

    assert names(found).startswith("read write")
    assert len(found) == 5
    assert found[f"dataset:{namespace}:{name}"]["data"]["name"] == name
    assert len(edges(found)) == 4


def test_a_namespace_with_a_space_and_colons(store: Store, api: Client) -> None:
    put(store, [told("j", 1, "file:/my data:2|in put", [dataset("file:/my data|out")])])
    put(store, [told("a job", 2, "", [dataset("file:/my data|out")], namespace="my jobs")])

    found = nodes(api, "job:my jobs:a job")

    assert "dataset:file:/my data:out" in found
    assert names(nodes(api, "dataset:file:/my data:out")) == names(found)


@pytest.mark.parametrize(
    ("parameters", "status", "message"),
    [
        ({"nodeId": "job:nowhere:nothing"}, 404, "Job 'nothing' not found."),
        ({"nodeId": "dataset:nowhere:nothing"}, 404, "Dataset 'nothing' not found."),
        ({"nodeId": "nonsense"}, 404, "HTTP 404 Not Found"),
        ({"nodeId": "datasetField:a:b:c"}, 404, "HTTP 404 Not Found"),
        ({"nodeId": "job:jobs:j", "depth": -1}, 400, "depth"),
        ({}, 400, "nodeId must not be null"),
    ],
)
def test_what_is_not_there_is_an_error(
    store: Store, api: Client, parameters: dict[str, Any], status: int, message: str
) -> None:
    put(store, [told("j")])

    answer = api.get("/lineage", **parameters)

    assert answer.status_code == status
    assert message in answer.text
