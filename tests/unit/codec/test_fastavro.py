"""The generated code writes the bytes that fastavro writes, and reads what fastavro reads."""

from __future__ import annotations

import io
from typing import Any

import fastavro
import pytest
from fastavro.schema import fingerprint, parse_schema, to_parsing_canonical_form
from hypothesis import given

from openlineage_avro.codec import schemas
from openlineage_avro.codec.codec import decode_body, encode_body
from tests.support import corpus
from tests.support.equality import same
from tests.support.strategies import EVENTS

NEWEST = schemas.newest()
PARSED = parse_schema(schemas.parsed(NEWEST))


def read(body: bytes) -> Any:
    stream = io.BytesIO(body)
    record = fastavro.schemaless_reader(stream, PARSED, None)
    assert stream.tell() == len(body)
    return record


def written(record: Any) -> bytes:
    stream = io.BytesIO()
    fastavro.schemaless_writer(stream, PARSED, record)
    return stream.getvalue()


@pytest.mark.parametrize("name", corpus.names())
def test_real_events_have_the_same_bytes(name: str) -> None:
    for event in corpus.events(name):
        body = encode_body(event)
        assert written(read(body)) == body


@given(EVENTS)
def test_any_event_has_the_same_bytes(event: dict[str, Any]) -> None:
    body = encode_body(event)
    assert written(read(body)) == body


def test_collections_written_in_several_blocks_are_read() -> None:
    """Other writers may split arrays and maps into blocks, and give the size of each."""
    body = encode_body({"extra": 1, "other": [2]})
    assert body.endswith(b"\x04\x0aextra\x021\x0aother\x06[2]\x00")
    head = body[: -len(b"\x04\x0aextra\x021\x0aother\x06[2]\x00")]
    blocks = b"\x02\x0aextra\x021" + b"\x01\x14\x0aother\x06[2]" + b"\x00"
    assert same(read(head + blocks), read(body))
    assert decode_body(head + blocks, NEWEST) == {"extra": 1, "other": [2]}


@pytest.mark.parametrize("version", schemas.versions())
def test_the_fingerprint_is_the_one_fastavro_computes(version: int) -> None:
    canonical = to_parsing_canonical_form(schemas.parsed(version))
    assert schemas.fingerprint_of(version).hex() == fingerprint(canonical, "CRC-64-AVRO")


def test_the_fingerprint_of_the_specification() -> None:
    """Avro 1.12 names 63DD24E7CC258F8A for "null"; a message holds it least significant first."""
    assert schemas.fingerprint('"null"').hex() == "8a8f25cce724dd63"
    assert schemas.fingerprint('{"type": "null"}').hex() == "8a8f25cce724dd63"
