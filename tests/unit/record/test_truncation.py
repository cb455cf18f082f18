"""An event too large for a message is cut where it hurts least, and says so."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from openlineage_avro import decode, encode
from openlineage_avro.errors import EncodeError
from openlineage_avro.event.marker import MARKER
from openlineage_avro.record.truncation import truncated
from tests.support.equality import same

RUN_ID = "01a20343-f78a-75fb-94a3-ba253fa51c52"


def event(**run_facets: Any) -> dict[str, Any]:
    parent = {"run": {"runId": RUN_ID}, "job": {"namespace": "n", "name": "p"}}
    return {
        "eventTime": "2026-11-22T12:39:13.591465+00:00",
        "producer": "p",
        "run": {"runId": RUN_ID, "facets": {"parent": parent, **run_facets}},
        "job": {"namespace": "n", "name": "j", "facets": {"sql": {"query": "select 1"}}},
        "inputs": [{"namespace": "n", "name": "d", "facets": {}}],
    }


def facet(size: int, **members: Any) -> dict[str, Any]:
    return {"_producer": "p", "_schemaURL": "s", "text": "x" * size, **members}


def test_an_event_that_fits_is_not_touched() -> None:
    value = event(mine=facet(1000))
    assert truncated(value, len(encode(value))) is value


def test_the_largest_custom_facet_is_cut_first() -> None:
    value = event(small=facet(1000), large=facet(5000), larger=facet(9000))
    before = copy.deepcopy(value)
    made = decode(encode(truncated(value, 7000)))
    assert value == before
    cut = made["run"]["facets"].pop("larger")
    assert cut == {"_producer": "p", "_schemaURL": "s", MARKER: {"bytes": 9044}}
    del before["run"]["facets"]["larger"]
    assert same(made, before)


def test_source_code_goes_before_what_is_known() -> None:
    value = event(errorMessage={"message": "x" * 9000, "programmingLanguage": "python"})
    value["job"]["facets"]["sourceCode"] = {"language": "python", "sourceCode": "x" * 5000}
    made = truncated(value, 10_000)
    assert MARKER in made["job"]["facets"]["sourceCode"]
    assert made["run"] == value["run"]
    made = truncated(value, 5_000)
    assert made["run"]["facets"]["errorMessage"].keys() == {MARKER}
    assert made["run"]["facets"]["parent"] == value["run"]["facets"]["parent"]
    assert made["job"]["facets"]["sql"] == value["job"]["facets"]["sql"]


def test_unknown_members_are_cut_after_facets() -> None:
    value = {**event(mine=facet(5000)), "unknown": ["x" * 9000]}
    made = truncated(value, 2_000)
    assert made["unknown"].keys() == {MARKER}
    assert MARKER in made["run"]["facets"]["mine"]


def test_datasets_are_cut_last_and_counted() -> None:
    value = event()
    value["inputs"] = [{"namespace": "n", "name": f"dataset {i}"} for i in range(10_000)]
    made = truncated(value, 50_000)
    assert len(encode(made)) <= 50_000
    told = made["job"]["facets"][MARKER]["inputs"]
    assert told["count"] == 10_000
    assert told["kept"] == len(made["inputs"])
    assert len(encode(made)) > 25_000
    assert made["inputs"] == value["inputs"][: told["kept"]]


def test_facets_of_many_datasets_are_cut() -> None:
    value = event()
    value["outputs"] = [
        {"namespace": "n", "name": str(i), "facets": {"mine": facet(2000 + i)}} for i in range(300)
    ]
    made = truncated(value, 400_000)
    assert 390_000 < len(encode(made)) <= 400_000
    uncut = [o for o in made["outputs"] if MARKER not in o["facets"]["mine"]]
    assert uncut == value["outputs"][: len(uncut)]  # the smaller ones stay


def test_members_of_another_type_do_no_harm() -> None:
    value: dict[str, Any] = {**event(mine=facet(5000)), "inputs": {"a": 1}, "outputs": "none"}
    value["job"]["facets"] = "none"
    made = truncated(value, 1_500)
    assert MARKER in made["run"]["facets"]["mine"]
    assert (made["inputs"], made["outputs"]) == ({"a": 1}, "none")


def test_what_cannot_be_cut_is_refused_with_its_size() -> None:
    value = event()
    value["job"]["name"] = "x" * 5000
    with pytest.raises(EncodeError, match="1000 bytes at most, got 5"):
        truncated(value, 1000)


def test_a_graph_of_two_thousand_tasks_is_far_from_the_limit() -> None:
    tasks = {
        f"stage_{i // 20:03}.extract_table_{i % 20:02}": {
            "operator": "airflow.providers.standard.operators.bash.BashOperator",
            "task_group": f"stage_{i // 20:03}",
            "emits_ol_events": True,
            "is_setup": False,
            "is_teardown": False,
            "ui_color": "#f0ede4",
            "ui_fgcolor": "#000",
            "ui_label": f"extract_table_{i % 20:02}",
            "downstream_task_ids": [
                f"stage_{i // 20 + 1:03}.extract_table_{j:02}" for j in range(20) if i < 1980
            ],
            "downstream_task_edges": {},
            "downstream_group_edges": {},
        }
        for i in range(2000)
    }
    groups = {f"stage_{i:03}": {"ui_label": f"stage_{i:03}"} for i in range(100)}
    graph = {"tasks": tasks, "taskGroups": groups, "taskTree": {}}
    value = event()
    value["job"]["facets"]["airflow"] = graph
    message = encode(value)
    assert same(decode(message), value)
    assert len(message) < 250_000
