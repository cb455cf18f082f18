"""Bytes that are no event give a DecodeError that says what was expected, and nothing else."""

from __future__ import annotations

import contextlib
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openlineage_avro import decode, encode
from openlineage_avro.codec import schemas
from openlineage_avro.codec.codec import decode_registered, encode_body
from openlineage_avro.codec.framing import confluent
from openlineage_avro.codec.schemas import WriterSchema
from openlineage_avro.errors import CorruptMessage, DecodeError, UnknownFraming, UnknownSchema
from tests.support import corpus

HEADER = encode({})[:10]
EVENT = {
    "eventTime": "2026-11-22T12:39:13.591465+00:00",
    "run": {"runId": "r", "facets": {"mine": {"a": [1, "é"]}, "tags": {"tags": [{"key": "k"}]}}},
    "inputs": [{"namespace": "n", "name": "d"}],
}


def test_an_unknown_schema_is_named() -> None:
    with pytest.raises(UnknownSchema, match=r"version 1 \([0-9a-f]{16}\).* got fingerprint 61{0}"):
        decode(b"\xc3\x01" + b"abcdefgh" + b"body")


@pytest.mark.parametrize(
    ("message", "framing"), [(b'{"run": 1}', "JSON"), (confluent(7, b"body"), "Confluent")]
)
def test_other_framings_are_named(message: bytes, framing: str) -> None:
    with pytest.raises(UnknownFraming, match=f"single-object encoding, got {framing}"):
        decode(message)


def test_every_truncation_is_noticed() -> None:
    message = encode(EVENT)
    for end in range(10, len(message)):
        with pytest.raises(CorruptMessage, match="openlineage-event-1"):
            decode(message[:end])


def test_bytes_behind_the_event_are_noticed() -> None:
    message = encode(EVENT)
    with pytest.raises(
        CorruptMessage, match=f"expected {len(message) - 10} bytes, got {len(message) - 9}"
    ):
        decode(message + b"\0")


def test_a_bad_union_branch_is_named_with_its_place() -> None:
    with pytest.raises(
        CorruptMessage, match=r"byte 0: OpenLineageEvent\.eventTime: expected union branch"
    ):
        decode(HEADER + b"\x04" + encode(EVENT)[11:])


@given(st.binary(max_size=200))
def test_random_bodies_raise_nothing_else(body: bytes) -> None:
    with contextlib.suppress(DecodeError):
        decode(HEADER + body)
    with contextlib.suppress(DecodeError):
        decode(body)


def test_damaged_messages_raise_nothing_else() -> None:
    rng = random.Random(7)
    messages = [encode(event) for event in (EVENT, *corpus.all_events()[::29])]
    for _ in range(3000):
        damaged = bytearray(rng.choice(messages))
        for _ in range(rng.randrange(1, 4)):
            damaged[rng.randrange(10, len(damaged))] = rng.choice((0, 1, 2, 4, 127, 128, 255))
        with contextlib.suppress(DecodeError):
            assert isinstance(json.dumps(decode(bytes(damaged))), str)


def test_errors_do_not_keep_each_other() -> None:
    for _ in range(3):
        with pytest.raises(CorruptMessage) as caught:
            decode(HEADER)
        assert len(list(_traceback(caught.value))) < 20


def _traceback(error: BaseException) -> list[object]:
    frames, at = [], error.__traceback__
    while at is not None:
        frames.append(at)
        at = at.tb_next
    return list(frames)


def test_a_registered_schema_is_found_by_its_text() -> None:
    text = json.dumps(schemas.parsed(schemas.newest()), indent=3)  # registries print as they like
    asked = []

    def schema_of(schema_id: int) -> WriterSchema:
        asked.append(schema_id)
        return WriterSchema(text)

    assert decode_registered(confluent(77, encode_body(EVENT)), schema_of) == EVENT
    assert asked == [77]
    with pytest.raises(UnknownFraming, match="the Confluent wire format, got single-object"):
        decode_registered(encode(EVENT), schema_of)


NEWER = schemas.parsed(schemas.newest()) | {"fields": []}


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        (
            WriterSchema('"null"'),
            "got the Avro schema null, fingerprint 8a8f25cce724dd63: give what",
        ),
        (WriterSchema('["null", "int"]'), "got the Avro schema of a union, fingerprint"),
        (WriterSchema('{"type": "map", "values": "int"}'), "the Avro schema map, fingerprint"),
        (
            WriterSchema('{"type": "fixed", "name": "a.b.C", "namespace": "d", "size": 4}'),
            r"got the Avro schema a\.b\.C, fingerprint .*: give what",
        ),
        (WriterSchema(json.dumps(NEWER)), r"got .*\.OpenLineageEvent, .*: upgrade this program"),
        (WriterSchema("message A {}", "PROTOBUF"), "got a schema of type PROTOBUF: give what"),
        (WriterSchema("nonsense"), "an Avro schema, got 'nonsense'"),
    ],
)
def test_what_another_schema_wrote_is_named(schema: WriterSchema, reason: str) -> None:
    with pytest.raises(UnknownSchema, match=f"^schema id 5: expected .*{reason}"):
        decode_registered(confluent(5, b"x"), lambda _id: schema)


def test_json_in_the_confluent_wire_format() -> None:
    message = confluent(5, json.dumps(EVENT).encode())

    def no_schema(_id: int) -> WriterSchema:
        raise UnknownSchema("none")

    assert decode_registered(message, no_schema) == EVENT
    assert decode_registered(message, lambda _id: WriterSchema("{}", "JSON")) == EVENT
    with pytest.raises(CorruptMessage, match="JSON: expected an object, got list"):
        decode_registered(confluent(5, b"[]"), lambda _id: WriterSchema("{}", "JSON"))
    with pytest.raises(CorruptMessage, match=r"JSON: Expecting"):
        decode_registered(confluent(5, b"{"), no_schema)
    with pytest.raises(UnknownSchema, match=r"^none$"):
        decode_registered(confluent(5, encode_body(EVENT)), no_schema)
