"""Our keys are those of OpenLineage's own Kafka transport, on every event it can build."""

from typing import Any

import pytest
from openlineage.client.event_v2 import DatasetEvent, Job, JobEvent, Run, RunEvent
from openlineage.client.facet_v2 import parent_run
from openlineage.client.generated.base import StaticDataset
from openlineage.client.transport.kafka import KafkaTransport

from openlineage_avro.event.plain import to_dict
from openlineage_avro.record.key import message_key

TIME = "2026-01-01T00:00:00Z"
RUN_ID = "01a20339-894d-7b84-89f7-346e57304397"


def _run_event(facets: dict[str, Any]) -> RunEvent:
    run = Run(runId=RUN_ID, facets=facets)
    return RunEvent(eventTime=TIME, producer="p", run=run, job=Job("ns", "job"))


def _parent(root: parent_run.Root | None = None) -> dict[str, Any]:
    return {
        "parent": parent_run.ParentRunFacet(
            run=parent_run.Run(runId=RUN_ID), job=parent_run.Job("ns", "parent"), root=root
        )
    }


ROOT = parent_run.Root(run=parent_run.RootRun(runId=RUN_ID), job=parent_run.RootJob("ns", "root"))
EVENTS: dict[str, Any] = {
    "run:ns/job": _run_event({}),
    "run:ns/parent": _run_event(_parent()),
    "run:ns/root": _run_event(_parent(ROOT)),
    "job:ns/job": JobEvent(eventTime=TIME, producer="p", job=Job("ns", "job")),
    "dataset:ns/table": DatasetEvent(
        eventTime=TIME, producer="p", dataset=StaticDataset("ns", "table")
    ),
}


@pytest.mark.parametrize("expected", EVENTS)
def test_keys_are_openlineages(expected: str) -> None:
    event = EVENTS[expected]
    theirs = KafkaTransport.__new__(KafkaTransport)._get_message_key(event)
    assert message_key(to_dict(event)) == theirs == expected


@pytest.mark.parametrize("parent", [None, 5, {}, {"job": None}, {"job": {"name": "x"}, "root": []}])
def test_a_broken_parent_facet_leaves_the_job_itself(parent: Any) -> None:
    event = {"run": {"facets": {"parent": parent}}, "job": {"namespace": "ns", "name": "job"}}
    assert message_key(event) == "run:ns/job"


@pytest.mark.parametrize(
    ("policy", "keys"),
    [
        ("root_job", ["run:ns/root", "job:ns/job", "dataset:ns/table"]),
        ("job", ["job:ns/job", "job:ns/job", "dataset:ns/table"]),
        ("run", [f"run:{RUN_ID}", "job:ns/job", "dataset:ns/table"]),
        ("none", [None, None, None]),
    ],
)
def test_a_policy_says_what_shares_a_key(policy: str, keys: list[str | None]) -> None:
    kinds = [EVENTS[name] for name in ("run:ns/root", "job:ns/job", "dataset:ns/table")]
    assert [message_key(to_dict(event), policy) for event in kinds] == keys


def test_a_run_without_an_id_gets_the_root_jobs_key() -> None:
    event = {"run": {"runId": None}, "job": {"namespace": "ns", "name": "job"}}
    assert message_key(event, "run") == "run:ns/job"


@pytest.mark.parametrize(
    ("event", "key"),
    [
        ({"run": None, "job": {"namespace": "ns", "name": "job"}}, "job:ns/job"),
        ({"run": None, "job": None, "dataset": {"namespace": "ns", "name": "d"}}, "dataset:ns/d"),
        ({}, "dataset:/"),
    ],
)
def test_a_member_that_is_null_counts_as_missing(event: dict[str, Any], key: str) -> None:
    assert message_key(event) == message_key(event, "job") == message_key(event, "run") == key
