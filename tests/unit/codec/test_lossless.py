"""Every JSON object comes back from its message as it was, by type and value."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openlineage_avro import decode, encode
from openlineage_avro.codec.binary import string
from openlineage_avro.errors import CorruptMessage, EncodeError
from tests.support import corpus
from tests.support.equality import same
from tests.support.strategies import EVENTS, JSON_OBJECTS

RUN_ID = "01a20343-f78a-75fb-94a3-ba253fa51c52"


def event(**members: Any) -> dict[str, Any]:
    return {
        "eventTime": "2026-11-22T12:39:13.591465+00:00",
        "eventType": "START",
        "producer": "https://example.com/producer",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": RUN_ID, "facets": {}},
        "job": {"namespace": "n", "name": "j", "facets": {}},
        "inputs": [],
        "outputs": [],
        **members,
    }


def run_facet(key: str, **fields: Any) -> dict[str, Any]:
    return event(run={"runId": RUN_ID, "facets": {key: fields}})


def assert_comes_back(value: dict[str, Any]) -> None:
    back = decode(encode(value))
    assert same(back, value), f"expected {value!r:.2000}, got {back!r:.2000}"


@pytest.mark.parametrize("name", corpus.names())
def test_every_real_event_comes_back(name: str) -> None:
    for value in corpus.events(name):
        assert_comes_back(value)


@given(EVENTS)
def test_events_with_any_content_come_back(value: dict[str, Any]) -> None:
    assert_comes_back(value)


@given(JSON_OBJECTS)
def test_any_object_comes_back(value: dict[str, Any]) -> None:
    assert_comes_back(value)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T12:39:13.591465+00:00",
        "2026-11-22T12:39:13.591465Z",
        "2026-11-22T12:39:13+00:00",
        "2026-11-22T12:39:13Z",
        "2026-11-22T12:39:13.5Z",
        "2026-11-22T12:39:13.500Z",
        "2026-11-22T12:39:13.000000Z",
        "2026-11-22T12:39:13.123456789Z",
        "2026-11-22T12:39:13.591465-05:30",
        "2026-11-22T12:39:13.591465-00:00",
        "2026-11-22T12:39:13.591465+23:59",
        "2026-11-22T12:39:13.591465+24:00",
        "2026-11-22T12:39:13.591465",
        "2026-11-22T24:00:00+00:00",
        "2026-11-22t12:39:13z",
        "2026-11-22 12:39:13+00:00",
        "2026-02-30T12:39:13+00:00",
        "2016-12-31T23:59:60Z",
        "0001-01-01T00:00:00+05:00",
        "0001-01-01T00:00:00.000001Z",
        "9999-12-31T23:59:59.999999-05:00",
        "9999-12-31T23:59:59.999999Z",
        "1969-12-31T23:59:59.999999Z",
        "Z",
        "+00:00",
        "yesterday",
        "",
        "٢٠٢٦-11-22T12:39:13Z",
    ],
)
def test_the_text_of_the_time_is_kept(text: str) -> None:
    assert_comes_back(event(eventTime=text))


@pytest.mark.parametrize("version", ["", "1-2-0", "1-0-1", "01-2-3", "x", "1-2-0 ", None, 5])
def test_urls_that_look_like_what_stands_for_urls_are_kept(version: Any) -> None:
    parent = {"run": {"runId": RUN_ID}, "job": {"namespace": "n", "name": "j"}}
    url = f"https://openlineage.io/spec/facets/{version}/ParentRunFacet.json#/$defs/ParentRunFacet"
    for literal in (version, url):
        assert_comes_back(run_facet("parent", _producer=version, _schemaURL=literal, **parent))
        assert_comes_back(run_facet("mine", _producer=version, _schemaURL=literal))
        assert_comes_back(event(schemaURL=literal, producer=version))


@pytest.mark.parametrize(
    "key", ["custom", "extra", "raw", "fields", "eventTimeText", "", "\0", "é"]
)
@pytest.mark.parametrize("value", [{}, {"a": None}, [], None, 1, "text", {"fields": {}}])
def test_names_that_the_schema_uses_itself_are_kept(key: str, value: Any) -> None:
    assert_comes_back(event(**{key: value}))
    assert_comes_back(event(run={"runId": RUN_ID, key: value, "facets": {key: value}}))
    assert_comes_back(run_facet("nominalTime", nominalStartTime="", **{key: value}))
    assert_comes_back(run_facet("mine", **{key: value}))


@pytest.mark.parametrize(
    "value",
    [1, 1.0, True, False, 0, 0.0, -0.0, 1e308, 5e-324, 2**63 - 1, -(2**63), 2**63, 10**4000]
    + [float("inf"), float("-inf"), float("nan"), 4.1005172498013169e18, "1", "", "\0", None]
    + ["\ud800", "a\udfffb", "\U0010ffff", [], {}, [None], [[]], [{}], {"": None}],
)
def test_values_of_any_type_are_kept_everywhere(value: Any) -> None:
    for key in ("inputStatistics", "dataQualityMetrics", "mine"):
        for field in ("rowCount", "columnMetrics", "lastUpdated", "_producer", "_deleted"):
            facets = {key: {field: value}}
            dataset = {"namespace": "n", "name": "d", "facets": facets, "inputFacets": facets}
            assert_comes_back(event(inputs=[dataset]))
    for key in event():
        assert_comes_back(event(**{key: value}))
    assert_comes_back(run_facet("airflow_mappedTask", mapIndex=value, operatorClass=value))
    assert_comes_back(run_facet("tags", tags=[{"key": "k", "value": value}]))
    assert_comes_back(event(job={"namespace": "n", "name": "j", "facets": {"sql": value}}))


def test_lone_surrogates_in_names_are_kept() -> None:
    assert_comes_back(event(**{"\ud800": 1}))
    assert_comes_back(run_facet("\udfff", a=1))


# Levels around a value: of the event and, inside a facet, its owner, the facets and the facet.
@pytest.mark.parametrize(
    ("depth", "fits"), [(196, True), (197, False), (400, False), (5_000, False)]
)
@pytest.mark.parametrize("opening", ["list", "object"])
def test_nesting_is_kept_up_to_the_limit(depth: int, fits: bool, opening: str) -> None:
    value: Any = 'quoted "text", [with] {brackets}'
    for _ in range(depth):
        value = (
            [1, value, None] if opening == "list" else {"before": 1.5, "k": value, "after": None}
        )
    for made in (
        run_facet("mine", deep=value),
        run_facet("airflow", dag=value),
        event(job={"namespace": "n", "name": "j", "facets": {"airflow": {"tasks": value}}}),
        event(run={"runId": RUN_ID, "facets": {"mine": {"deep": value}}}, eventTime="\ud800"),
    ):
        if fits:
            assert_comes_back(made)
            continue
        with pytest.raises(EncodeError, match="expected at most 200 levels of nesting, got more"):
            encode(made)


@pytest.mark.parametrize(("depth", "fits"), [(199, True), (200, False), (5_000, False)])
def test_a_message_with_too_many_levels_is_corrupt(depth: int, fits: bool) -> None:
    before, after = encode(event(deep="PLACE")).split(string('"PLACE"'))
    message = before + string("[" * depth + "]" * depth) + after
    if fits:
        assert str(decode(message)["deep"]) == "[" * depth + "]" * depth
    else:
        with pytest.raises(CorruptMessage, match="expected at most 200 levels of nesting, got"):
            decode(message)


@settings(max_examples=200)
@given(st.data())
def test_a_changed_task_graph_comes_back(data: st.DataObject) -> None:
    tasks = data.draw(
        st.dictionaries(
            st.sampled_from(["a", "b", "g.a", "g.h.b"]),
            st.fixed_dictionaries(
                {"operator": st.sampled_from(["x.A", "x.B", None, 3])},
                optional={
                    "ui_label": st.sampled_from(["a", "g.a", "b", None]),
                    "ui_color": st.sampled_from(["#fff", "#000", None]),
                    "task_group": st.sampled_from(["g", "g.h", "gone", None, 1]),
                    "task_id": st.just("a"),
                    "downstream": st.just([0]),
                    "emits_ol_events": st.booleans() | st.none(),
                    "downstream_task_ids": st.lists(st.sampled_from(["a", "b", "gone", 1])),
                    "downstream_task_edges": st.just({"b": {"label": "go"}}),
                },
            ),
        )
    )
    groups = {"g": {"ui_label": "g"}, "g.h": {"parent_group": "g", "extra": None}}
    taken = data.draw(st.sets(st.sampled_from(["tasks", "taskGroups", "taskTree", "operators"])))
    whole = {"tasks": tasks, "taskGroups": groups, "taskTree": {}, "operators": []}
    graph = {key: value for key, value in whole.items() if key in taken}
    assert_comes_back(event(job={"namespace": "n", "name": "j", "facets": {"airflow": graph}}))


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "dagRunState": st.sampled_from(["success", "new", None]),
            "tasksState": st.dictionaries(
                st.text(max_size=2), st.sampled_from(["failed", None, "x"])
            ),
            "tasksDuration": st.dictionaries(st.text(max_size=2), st.floats() | st.integers()),
            "tasks": st.sampled_from([[], [{"task_id": "a"}], {}]),
        },
    )
)
def test_changed_task_states_come_back(facet: dict[str, Any]) -> None:
    assert_comes_back(run_facet("airflowState", **facet))


def test_json_with_a_name_twice_keeps_the_last() -> None:
    value = json.loads('{"run": {"runId": "x", "facets": {"a": {"b": 1}, "a": {"b": 2}}}}')
    assert decode(encode(value)) == {"run": {"runId": "x", "facets": {"a": {"b": 2}}}}
