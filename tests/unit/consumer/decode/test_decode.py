"""decode turns bytes into an event or a reason, whatever the bytes are."""

import codecs
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from consumer.decode.decode import Decoded, Rejection, decode, original
from consumer.decode.json_value import LongNumber
from openlineage_avro import encode
from openlineage_avro.codec.framing import confluent
from openlineage_avro.codec.schemas import WriterSchema
from openlineage_avro.errors import EncodeError, UnknownSchema
from openlineage_avro.event.depth import MAX_DEPTH
from openlineage_avro.schema_registry import SchemaOf, without_registry
from tests.support import corpus
from tests.support.equality import same
from tests.support.json_values import JSON

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
        (
            {"eventTime": "2023-10-29T02:10:00[Europe/Paris]"},
            "eventTime: expected an offset: clocks were changed, the hour came twice or not at all,"
            " got '2023-10-29T02:10:00[Europe/Paris]'",
        ),
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
        (b"\xef\xbb\xbf[]", "unknown", "got a JSON array ('[]'), 5 bytes that begin"),
        (b"\xff\xfe{", "json", "JSON: "),
        (b"\xc3\x01" + bytes(8), "avro", ""),
        (encode(EVENT)[:-3], "avro", ""),
        (b"\x00\x00\x00\x00\x07abc", "confluent", "schema id 7"),
        (b'\x00\x00\x00\x00\x07{"a"', "confluent", "Confluent: Expecting"),
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


def decoded(value: bytes, schema_of: SchemaOf = without_registry) -> Decoded:
    """Return the event of a value."""
    found = decode(value, schema_of)
    assert isinstance(found, Decoded), found
    return found


def with_number(text: str) -> bytes:
    """Return an event with a number as it is written in JSON."""
    return bytes_of(EVENT | {"x": [12345, {}]}).replace(b"12345", text.encode())


NUMBERS = [
    "0",
    "-0",
    "0.0",
    "-0.0",
    "1",
    "1.0",
    "1e400",
    "2e400",
    "1e-400",
    "1e-401",
    "-1e-400",
] + [
    *("98765432109876543210.123456789", "98765432109876543210.123456780"),
    *("9" * 5_000, "9" * 4_999 + "8", "NaN", "null", '"NaN"', "Infinity", '"0"', "[]"),
]


def test_events_whose_numbers_differ_are_different_events() -> None:
    assert len({decoded(with_number(each)).hash for each in NUMBERS}) == len(NUMBERS)


@pytest.mark.parametrize("number", NUMBERS)
def test_every_number_comes_back_as_it_was_sent(number: str) -> None:
    raw = with_number(number)
    found = decoded(raw)
    again = original(found.json, None if found.is_exact else raw)
    assert same(again, found.event)
    assert decoded(bytes_of(again)).hash == found.hash or isinstance(again["x"][0], LongNumber)


@pytest.mark.parametrize(
    "value",
    [
        codecs.BOM_UTF8 + bytes_of(EVENT),
        codecs.BOM_UTF8 + b"\r\n " + bytes_of(EVENT),
        json.dumps(EVENT).encode("utf-16"),
        codecs.BOM_UTF16_BE + json.dumps(EVENT).encode("utf-16-be"),
    ],
)
def test_json_behind_a_byte_order_mark_is_read(value: bytes) -> None:
    found = decoded(value)
    assert (found.event, found.framing) == (EVENT, "json")
    assert found.hash == decoded(bytes_of(EVENT)).hash


def test_json_in_the_confluent_wire_format_is_read() -> None:
    value = confluent(3, bytes_of(EVENT))
    as_json = WriterSchema('{"type": "object"}', "JSON")
    for found in (decoded(value), decoded(value, lambda _: as_json), decoded(value, _knows_none)):
        assert (found.event, found.framing) == (EVENT, "confluent")
        assert found.hash == decoded(bytes_of(EVENT)).hash
    long = with_number("0.12345678901234567890")
    assert decoded(confluent(3, long)).hash == decoded(long).hash
    kept = confluent(3, with_number("1e400"))
    assert not decoded(kept).is_exact
    assert original({}, kept) == decoded(kept).event


def _knows_none(_id: int) -> WriterSchema:
    raise UnknownSchema("no such id")


@pytest.mark.parametrize(
    ("schema", "part"),
    [
        (WriterSchema('syntax = "proto3";', "PROTOBUF"), "got a schema of type PROTOBUF"),
        (
            WriterSchema('{"type": "record", "name": "Order", "namespace": "shop", "fields": []}'),
            "got the Avro schema shop.Order, fingerprint ",
        ),
    ],
)
def test_what_somebody_else_sends_is_named(schema: WriterSchema, part: str) -> None:
    found = decode(confluent(9, b"\x00"), lambda _: schema)
    assert isinstance(found, Rejection)
    assert found.reason.startswith("schema id 9: expected a schema of version 1")
    assert part in found.reason
    assert found.reason.endswith("give what is not OpenLineage's a topic of its own")


@pytest.mark.parametrize("name", corpus.names())
def test_canonical_json_is_the_same_from_avro(name: str) -> None:
    for event in corpus.events(name):
        one, other = decoded(bytes_of(event)), decoded(encode(event))
        assert (one.json, one.is_exact) == (other.json, other.is_exact)


@given(
    st.dictionaries(st.text(st.characters(), max_size=6), JSON, max_size=4),
    st.sampled_from(["tasksDuration", "metrics", "x"]),
)
@example({"a": float("nan"), "b": None}, "x")
@example({"t": float("inf")}, "tasksDuration")
def test_the_same_event_has_the_same_hash_in_all_framings(facet: dict[str, Any], name: str) -> None:
    event = EVENT | {"run": RUN | {"facets": {"airflowState": {name: facet}, "mine": facet}}}
    sent = [
        decoded(value) for value in (bytes_of(event), encode(event), confluent(1, bytes_of(event)))
    ]
    for found in sent:
        assert (found.hash, found.json, found.is_exact) == (
            sent[0].hash,
            sent[0].json,
            sent[0].is_exact,
        )
        assert same(found.event, event)


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
