"""decode turns bytes into an event or a reason, whatever the bytes are."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from consumer.decode.decode import Decoded, Rejection, decode, original
from openlineage_avro import encode
from openlineage_avro.errors import EncodeError
from openlineage_avro.event.depth import MAX_DEPTH
from tests.support import corpus

RUN = {"runId": "0190"}
JOB = {"namespace": "n", "name": "j"}
EVENT: dict[str, Any] = {"eventTime": "2026-01-01T00:00:00Z", "run": RUN, "job": JOB}


def bytes_of(event: Any) -> bytes:
    """Return JSON bytes."""
    return json.dumps(event).encode()


def reason_of(value: bytes) -> str:
    """Return why a value is rejected."""
    found = decode(value)
    assert isinstance(found, Rejection), found
    return found.reason


@pytest.mark.parametrize("name", corpus.names())
def test_every_event_at_hand_is_taken_in_both_framings(name: str) -> None:
    for event in corpus.events(name):
        as_json, as_avro = decode(bytes_of(event)), decode(encode(event))
        assert isinstance(as_json, Decoded)
        assert isinstance(as_avro, Decoded)
        assert as_json.event == as_avro.event == event
        assert as_json.hash == as_avro.hash
        assert (as_json.framing, as_avro.framing) == ("json", "avro")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"run": {"runId": 5}}, "run.runId: expected string, got 5"),
        ({"run": {}}, "run.runId: expected string, got nothing"),
        ({"run": {"runId": ""}}, "run.runId: expected UUID, got ''"),
        ({"run": []}, "run: expected object, got array"),
        ({"run": None, "job": None}, "event: expected run, job or dataset, got none of them"),
        ({"job": None}, "job: expected object, got null"),
        ({"job": {"name": "j"}}, "job.namespace: expected string, got nothing"),
        ({"job": {"namespace": "n", "name": None}}, "job.name: expected string, got null"),
        ({"eventTime": None}, "eventTime: expected string, got null"),
        ({"eventTime": "soon"}, "eventTime: expected RFC 3339 date-time, got 'soon'"),
        ({"eventType": 1}, "eventType: expected string, got 1"),
        ({"inputs": {}}, "inputs: expected array, got object"),
        ({"outputs": [{"name": "d"}]}, "outputs[0].namespace: expected string, got nothing"),
        ({"inputs": [{"namespace": "n", "name": 1.5}]}, "inputs[0].name: expected string, got 1.5"),
        ({"inputs": [None]}, "inputs[0]: expected object, got null"),
        ({"run": {"runId": "r", "facets": []}}, "run.facets: expected object, got array"),
        (
            {"outputs": [{"namespace": "n", "name": "d", "outputFacets": "x"}]},
            "outputs[0].outputFacets: expected object, got 'x'",
        ),
        ({"job": None, "run": None, "dataset": 7}, "dataset: expected object, got 7"),
    ],
)
def test_reasons_carry_the_path(change: dict[str, Any], reason: str) -> None:
    assert reason_of(bytes_of(EVENT | change)) == reason


@pytest.mark.parametrize(
    "change",
    [
        {"eventType": None},
        {"eventType": "MADE_UP"},
        {"inputs": None, "outputs": None},
        {"inputs": []},
        {"producer": None},
        {"schemaURL": 5},
        {"run": {"runId": "not a uuid", "facets": {"parent": None, "x": 1}}},
        {"run": {"runId": "a\x00b", "facets": None}},
        {"job": {"namespace": "", "name": ""}},
        {"eventTime": "2026-01-01T00:00:00"},
        {"somethingElse": [1, 2]},
        {"run": None},
        {"run": None, "job": None, "dataset": {"namespace": "n", "name": "d"}},
    ],
)
def test_what_the_spec_tolerates_is_taken(change: dict[str, Any]) -> None:
    found = decode(bytes_of(EVENT | change))
    assert isinstance(found, Decoded), found
    assert found.event == EVENT | change


@pytest.mark.parametrize(
    ("value", "framing", "part"),
    [
        (b"", "unknown", "got 0 bytes"),
        (b"garbage", "unknown", "67 61 72 62 61 67 65"),
        (b"[1]", "unknown", "expected JSON ({)"),
        (b"{", "json", "JSON: "),
        (b'{"a": "\xff"}', "json", "JSON: "),
        (b'{"a":' * 100_000, "json", "nesting"),
        (b'{"a": ' + b"9" * 5000 + b"}", "json", "JSON: "),
        (b"\xc3\x01" + bytes(8), "avro", ""),
        (encode(EVENT)[:-3], "avro", ""),
        (b"\x00\x00\x00\x00\x07abc", "confluent", "schema id 7"),
    ],
)
def test_bytes_that_are_no_event(value: bytes, framing: str, part: str) -> None:
    found = decode(value)
    assert isinstance(found, Rejection)
    assert found.framing == framing
    assert part in found.reason
    assert found.reason


@given(st.binary() | st.binary().map(lambda data: encode(EVENT)[:10] + data))
@example(b"\xc3\x01")
@example(b"\x00\x00\x00\x00\x01")
def test_no_bytes_make_it_raise(value: bytes) -> None:
    assert isinstance(decode(value), Decoded | Rejection)


def test_original_reads_what_was_kept() -> None:
    event = EVENT | {"producer": "a\x00b", "x": -0.0}
    for raw in (bytes_of(event), encode(event)):
        found = decode(raw)
        assert isinstance(found, Decoded)
        assert not found.is_exact
        assert original(json.loads(found.json), raw) == event
    assert original(EVENT, None) == EVENT


def nested(levels: int) -> list[Any]:
    """Return an array of so many levels."""
    value: list[Any] = []
    for _ in range(levels - 1):
        value = [value]
    return value


def test_an_event_may_have_as_many_levels_as_the_sender_allows() -> None:
    facets = {"facets": {"deep": {"value": nested(MAX_DEPTH - 4)}}}
    event = EVENT | {"run": RUN | facets}
    for value in (bytes_of(event), encode(event)):
        found = decode(value)
        assert isinstance(found, Decoded)
        assert found.event == event
    facets["facets"]["deep"]["value"] = nested(MAX_DEPTH - 3)
    assert reason_of(bytes_of(event)) == (
        f"run.facets.deep.value: expected at most {MAX_DEPTH} levels of nesting, got more"
    )
    with pytest.raises(EncodeError, match=r"run\.facets\.deep\.value: expected at most"):
        encode(event)
