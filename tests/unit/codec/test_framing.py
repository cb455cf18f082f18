"""The framing of a message is certain from its first bytes."""

from __future__ import annotations

import codecs
import gzip
import json
import re
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from openlineage_avro import encode
from openlineage_avro.codec.foreign import described
from openlineage_avro.codec.framing import (
    Framing,
    confluent,
    framing_of,
    single_object,
    split_confluent,
    split_single_object,
)
from openlineage_avro.errors import UnknownFraming
from tests.support.strategies import JSON_OBJECTS


@given(
    JSON_OBJECTS, st.sampled_from([None, 2]), st.booleans(), st.sampled_from(["", " ", "\r\n\t"])
)
def test_json_objects_are_json(
    value: Any, indent: int | None, ascii_only: bool, before: str
) -> None:
    text = before + json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert framing_of(text.encode("utf-8", "surrogatepass")) is Framing.JSON


@given(st.binary(min_size=8, max_size=8), st.binary())
def test_single_object_messages_are_taken_apart(fingerprint: bytes, body: bytes) -> None:
    message = single_object(fingerprint, body)
    assert framing_of(message) is Framing.SINGLE_OBJECT
    assert split_single_object(message) == (fingerprint, body)


@given(st.integers(0, 2**32 - 1), st.binary())
def test_confluent_messages_are_taken_apart(schema_id: int, body: bytes) -> None:
    message = confluent(schema_id, body)
    assert framing_of(message) is Framing.CONFLUENT
    assert split_confluent(message) == (schema_id, body)


def test_our_messages_name_their_framing() -> None:
    assert framing_of(encode({})) is Framing.SINGLE_OBJECT


EVENT = '{"job": "é"}'


@pytest.mark.parametrize("before", ["", "\r\n "])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_json_may_stand_behind_a_byte_order_mark(before: str, mark: bytes, encoding: str) -> None:
    assert framing_of(mark + (before + EVENT).encode(encoding)) is Framing.JSON


@pytest.mark.parametrize(
    ("message", "what"),
    [
        (b"", "0 bytes: nothing"),
        (b" ", "bytes without a known mark"),
        (b"[{}]", "a JSON array"),
        (b"\xef\xbb\xbf[{}]", "a JSON array"),
        (json.dumps(EVENT).encode(), "a JSON string"),
        (b"null", "text ('null'), 4 bytes"),
        (b"<event/>", "XML or HTML"),
        ("schöne Grüße".encode(), "text ('schöne Grüße')"),
        ("ö".encode() * 200, "text ('ööö"),
        (b"\x00\x00\x00\x00", "bytes without a known mark"),
        (b"\xc3", "bytes without a known mark"),
        (b"\xc3\x01short", "bytes without a known mark"),
        (b"\xc3\x02" * 9, "bytes without a known mark"),
        (b"\x08\x96\x01", "bytes without a known mark"),
        (b"Obj\x01\x04", "an Avro object container file"),
        (gzip.compress(EVENT.encode()), "bytes compressed by gzip"),
        (zstandard.compress(EVENT.encode()), "bytes compressed by zstd"),
        (b"\x82SNAPPY\x00\x00", "bytes compressed by snappy"),
        (b"\x03\x00" + bytes(16), "the framing of AWS Glue Schema Registry"),
    ],
)
def test_anything_else_is_refused_and_named_with_its_first_bytes(message: bytes, what: str) -> None:
    with pytest.raises(UnknownFraming) as raised:
        framing_of(message)
    assert f"got {what}" in str(raised.value)
    assert (message[:10].hex(" ") or "nothing") in str(raised.value)


@pytest.mark.parametrize(
    ("message", "advice"),
    [
        (gzip.compress(b"{}"), "let Kafka compress (compression.type)"),
        (b"[{}]", "send each event as a record of its own"),
        (b'"{}"', "was the event turned into JSON twice?"),
        (b"\x08\x96\x01", "something else writes to this topic: give OpenLineage events"),
    ],
)
def test_it_is_said_what_to_do(message: bytes, advice: str) -> None:
    with pytest.raises(UnknownFraming, match=f": {re.escape(advice)}"):
        framing_of(message)


@given(st.binary())
def test_no_bytes_are_left_without_a_name(message: bytes) -> None:
    assert described(message)
