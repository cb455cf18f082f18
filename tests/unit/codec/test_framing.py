"""The framing of a message is certain from its first bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openlineage_avro import encode
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


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b" ",
        b"[]",
        b"null",
        b"\x00\x00\x00\x00",
        b"\xc3",
        b"\xc3\x01short",
        b"\xc3\x02" * 9,
        b"Obj\x01",
    ],
)
def test_anything_else_is_refused_with_its_first_bytes(message: bytes) -> None:
    with pytest.raises(UnknownFraming, match=message[:10].hex(" ") or "nothing"):
        framing_of(message)
