"""An event's dict is what OpenLineage's own Serde would send, for every class of the client."""

from __future__ import annotations

import datetime
import decimal
import enum
import json
import uuid
import warnings
from typing import Any

import attr
import pytest
from openlineage.client import event_v2, facet_v2
from openlineage.client.generated import base
from openlineage.client.serde import Serde

from openlineage_avro import decode, encode
from openlineage_avro.errors import EncodeError
from openlineage_avro.event import plain
from openlineage_avro.event.plain import to_dict
from tests.support import corpus
from tests.support.equality import same
from tests.support.objects import Info, event_object, example, facet_classes

TIME = "2026-11-22T12:39:13.591465+00:00"
RUN_ID = "01a20343-f78a-75fb-94a3-ba253fa51c52"

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from openlineage.client import facet as facet_v1
    from openlineage.client import run as run_v1


class Colour(str, enum.Enum):
    """An enum whose members are text, as Airflow's states are."""

    RED = "red"


def run_event(**facets: Any) -> event_v2.RunEvent:
    return event_v2.RunEvent(
        eventTime=TIME,
        eventType=event_v2.RunState.START,
        run=event_v2.Run(runId=RUN_ID, facets=facets),
        job=event_v2.Job(namespace="n", name="j"),
    )


def with_facet(key: str, facet: Any) -> list[Any]:
    """Return events that hold a facet wherever facets can be."""
    facets = {key: facet}
    dataset: Any = {"namespace": "n", "name": "d", "facets": facets}
    return [
        run_event(**facets),
        event_v2.JobEvent(
            eventTime=TIME,
            job=event_v2.Job(namespace="n", name="j", facets=facets),
            inputs=[event_v2.InputDataset(**dataset, inputFacets=facets)],
            outputs=[event_v2.OutputDataset(**dataset, outputFacets=facets)],
        ),
        event_v2.DatasetEvent(eventTime=TIME, dataset=event_v2.StaticDataset(**dataset)),
    ]


def assert_as_serde(event: Any) -> None:
    expected = Serde.to_dict(event)
    assert to_dict(event) == expected
    assert same(decode(encode(event)), json.loads(Serde.to_json(event)))


@pytest.mark.parametrize("url", sorted(facet_classes()))
@pytest.mark.parametrize("full", [False, True])
def test_every_facet_class_of_the_client(url: str, full: bool) -> None:
    facet = example(facet_classes()[url], full=full)
    name = type(facet).__name__
    for key in (name[0].lower() + name[1:], "schema", "parent", "airflow", name):
        for event in with_facet(key, facet):
            assert_as_serde(event)


@pytest.mark.parametrize("name", corpus.names())
def test_events_built_from_real_ones(name: str) -> None:
    built = 0
    for event in corpus.events(name)[::7]:
        try:
            made = event_object(event)
        except (KeyError, ValueError, SyntaxError):  # events that the client's classes refuse
            continue
        assert_as_serde(made)
        built += 1
    assert built


def test_events_of_the_first_version_of_the_client() -> None:
    job = run_v1.Job(namespace="n", name="j")
    dataset = run_v1.Dataset(namespace="n", name="d", facets={"a": {"b": None, "c": [None, {}]}})
    parent = facet_v1.ParentRunFacet(run={"runId": RUN_ID}, job={"namespace": "n", "name": "p"})
    run = run_v1.Run(runId=RUN_ID, facets={"parent": parent})
    assert_as_serde(
        run_v1.RunEvent(
            eventType=run_v1.RunState.FAIL,
            eventTime=TIME,
            run=run,
            job=job,
            producer="p",
            inputs=[dataset],
        )
    )
    assert_as_serde(run_v1.JobEvent(eventTime=TIME, producer="p", schemaURL="s", job=job))
    assert_as_serde(
        run_v1.DatasetEvent(eventTime=TIME, producer="p", schemaURL="s", dataset=dataset)
    )


@pytest.mark.parametrize(
    "value",
    [
        datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc),
        datetime.date(2026, 1, 2),
        uuid.UUID(RUN_ID),
        Colour.RED,
        event_v2.RunState.FAIL,
        decimal.Decimal("1.5"),
        b"bytes",
        (1, (2, None)),
        [None, {}, {"a": None}, []],
        {"a": None, "b": {"c": None}},
        {3: "a number", None: "nothing", True: "yes", 1.5: "half"},
        {4},
        Info(a=Info(b=1), c=None),
        object,
        2**80,
        float("inf"),
    ],
    ids=repr,
)
def test_values_that_json_does_not_know(value: Any) -> None:
    facet = facet_v2.RunFacet().with_additional_properties(mine=value, mapIndex=value)
    for key in ("mine", "airflow_mappedTask", "airflow"):
        event = run_event(**{key: facet})
        assert to_dict(event) == Serde.to_dict(event)
        if not isinstance(value, dict) or 3 not in value:  # such keys Serde cannot sort
            assert same(decode(encode(event)), json.loads(Serde.to_json(event)))
    if not isinstance(value, set):  # a list in an event's object, but in a dict Serde refuses it
        assert same(decode(encode({"mine": value})), {"mine": _through_json(value)})


def _through_json(value: Any) -> Any:
    nulls_kept = (
        value if isinstance(value, (dict, list, tuple)) else Serde.to_dict({"v": value})["v"]
    )
    text = json.dumps(nulls_kept, default=lambda o: f"<<non-serializable: {type(o).__qualname__}>>")
    return json.loads(text)


CUT = {"openlineageAvro_cut": {"levels": 200}}


def nested(levels: int) -> Any:
    """Return a value with so many levels of objects."""
    value: Any = 1
    for _ in range(levels):
        value = {"deeper": value}
    return value


def endless() -> dict[str, Any]:
    loop: dict[str, Any] = {"a": 1}
    loop.update(self=[loop, loop], again=loop)
    return loop


@pytest.fixture(autouse=True)
def nothing_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "_told_in", None)


# Levels around a facet's own: of the event, its owner, the object of facets; the list of datasets.
@pytest.mark.parametrize(("place", "around"), [("run", 3), ("job", 3), ("inputs", 4)])
@pytest.mark.parametrize("as_object", [False, True])
def test_a_facet_may_have_as_many_levels_as_are_left(
    place: str, around: int, as_object: bool
) -> None:
    def arrived(levels: int) -> Any:
        given = nested(levels)
        if as_object:
            given = facet_v2.RunFacet().with_additional_properties(**given)
        facets = {"mine": given, "other": {"x": 1}}
        [event] = [run_event(**facets)] if place == "run" else with_facets(place, facets)
        owner = decode(encode(event))[place]
        return (owner[0] if place == "inputs" else owner)["facets"]

    found = arrived(200 - around)
    assert "openlineageAvro_cut" not in found["mine"]
    assert found["mine"]["deeper"] == nested(200 - around - 1)
    found = arrived(200 - around + 1)
    about = {key: found["mine"][key] for key in ("_producer", "_schemaURL") if as_object}
    assert found == {"mine": {**about, **CUT}, "other": {"x": 1}}


def with_facets(place: str, facets: dict[str, Any]) -> list[Any]:
    job = event_v2.Job(namespace="n", name="j", facets=facets if place == "job" else {})
    dataset = event_v2.InputDataset(namespace="n", name="d", facets=facets)
    return [event_v2.JobEvent(eventTime=TIME, job=job, inputs=[dataset])]


def test_a_facet_that_contains_itself_costs_its_content_only(
    caplog: pytest.LogCaptureFixture,
) -> None:
    facet = facet_v2.RunFacet().with_additional_properties(loop=endless())
    plain_facet = {"_producer": "p", "_schemaURL": ["no text"], **endless()}
    for _ in range(2):
        facets = to_dict(run_event(mine=facet, plain=plain_facet, kept={"a": 1}))["run"]["facets"]
        about = {"_producer": facet._producer, "_schemaURL": facet._schemaURL}
        assert facets["mine"] == {**about, **CUT}
        assert facets["plain"] == {"_producer": "p", **CUT}
        assert facets["kept"] == {"a": 1}
    [record] = caplog.records
    assert record.getMessage() == (
        "The facet mine has more than 200 levels or contains itself: it is sent without content"
    )


def test_a_value_that_occurs_twice_is_no_circle() -> None:
    shared: Any = {"a": 1}
    value = {"first": shared, "second": shared}
    assert decode(encode(value)) == value
    for _ in range(180):
        shared = {"again": shared}
    facets = to_dict(run_event(mine={"first": shared, "second": shared}))["run"]["facets"]
    assert facets["mine"] == {"first": shared, "second": shared}


@pytest.mark.parametrize(
    ("event", "path"),
    [
        ({"run": {"runId": "x", "facets": {"mine": nested(198)}}}, "run.facets.mine.deeper"),
        ({"run": {"facets": {"mine": endless()}}}, "run.facets.mine.self"),
        ({"inputs": [{}, {"facets": {"x": nested(197)}}]}, "inputs[1].facets.x"),
        ({"more": nested(200)}, "more.deeper.deeper.deeper"),
        ({"more": [[nested(199)]]}, "more[0][0].deeper"),
        ({"more": {3: nested(200)}}, "more.3.deeper.deeper"),
        ({"more": facet_v2.RunFacet().with_additional_properties(x=nested(200))}, "more"),
        ({"text": "\ud800", "more": endless()}, "more.self[0].self"),
    ],
)
def test_anything_else_that_is_too_deep_is_refused_by_its_path(
    event: dict[str, Any], path: str
) -> None:
    text = f"{path}: expected at most 200 levels of nesting, got more"
    for refuse in (to_dict, encode):
        with pytest.raises(EncodeError) as raised:
            refuse(event)
        assert str(raised.value) == text


def test_a_member_of_an_events_object_that_is_too_deep_is_named() -> None:
    event = run_event()
    event.job.name = nested(200)
    with pytest.raises(EncodeError, match=r"^job: expected at most 200 levels"):
        to_dict(event)


@pytest.mark.parametrize("event", [None, "text", 5, [], object()])
def test_what_is_no_event_is_refused_by_name(event: Any) -> None:
    with pytest.raises(
        EncodeError, match=f"expected an OpenLineage event or a dict, got {type(event).__name__}"
    ):
        encode(event)


def test_a_number_too_long_for_json_is_refused() -> None:
    with pytest.raises(EncodeError, match="JSON"):
        encode({"n": 10**5000})


def test_an_event_is_not_changed_by_encoding_it() -> None:
    for event in corpus.all_events()[::11]:
        text = json.dumps(event)
        encode(event)
        assert json.dumps(event) == text


def test_all_classes_are_seen() -> None:
    assert len(facet_classes()) > 30
    assert all(
        issubclass(cls, base.BaseFacet) and attr.has(cls) for cls in facet_classes().values()
    )
