"""Tells from its first bytes how a message is framed.

| framing       | first bytes                                   | source                       |
|---------------|-----------------------------------------------|------------------------------|
| JSON          | `{`, after white space or a byte order mark   | RFC 8259                     |
| SINGLE_OBJECT | C3 01, then the schema's fingerprint, 8 bytes | Avro: Single-object encoding |
| CONFLUENT     | 00, then the schema's id, 4 bytes             | Confluent wire format        |

The three cannot be mistaken for each other: JSON text is UTF-8, where C3 is never followed by 01,
and it never begins with 00. UTF-16 is known by its byte order mark, which none of the others has.
"""

from __future__ import annotations

import codecs
from enum import Enum

from openlineage_avro.errors import UnknownFraming

SINGLE_OBJECT_MARKER = b"\xc3\x01"
SINGLE_OBJECT_HEADER_SIZE = 10
CONFLUENT_MARKER = b"\x00"
CONFLUENT_HEADER_SIZE = 5
JSON_WHITE_SPACE = b" \t\r\n"
BYTE_ORDER_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Framing(Enum):
    """How a message says what its bytes are."""

    JSON = "JSON"
    SINGLE_OBJECT = "single-object"
    CONFLUENT = "Confluent"


def framing_of(message: bytes) -> Framing:
    """Return the framing of a message, or raises UnknownFraming that shows its first bytes."""
    if message.startswith(SINGLE_OBJECT_MARKER) and len(message) >= SINGLE_OBJECT_HEADER_SIZE:
        return Framing.SINGLE_OBJECT
    if message.startswith(CONFLUENT_MARKER) and len(message) >= CONFLUENT_HEADER_SIZE:
        return Framing.CONFLUENT
    if begins_json_object(message):
        return Framing.JSON
    from openlineage_avro.codec.foreign import described

    raise UnknownFraming(
        "expected JSON ({), Avro single-object encoding (c3 01 and 8 bytes) or the Confluent "
        f"wire format (00 and 4 bytes), got {described(message)}"
    )


def begins_json_object(text: bytes) -> bool:
    """Tell whether bytes begin as a JSON object does: with `{`, after a byte order mark or none."""
    for mark in BYTE_ORDER_MARKS:
        if text.startswith(mark):
            # In UTF-16 each character of JSON has a zero byte beside it.
            return text[len(mark) :].lstrip(JSON_WHITE_SPACE + b"\0").startswith(b"{")
    return text.lstrip(JSON_WHITE_SPACE).startswith(b"{")


def single_object(fingerprint: bytes, body: bytes) -> bytes:
    """Return the body behind the header that names its schema; `fingerprint` is 8 bytes."""
    return SINGLE_OBJECT_MARKER + fingerprint + body


def confluent(schema_id: int, body: bytes) -> bytes:
    """Return the body behind the header that names its schema in a registry."""
    return CONFLUENT_MARKER + schema_id.to_bytes(4, "big") + body


def split_single_object(message: bytes) -> tuple[bytes, bytes]:
    """Return (fingerprint, body) of a message whose framing is SINGLE_OBJECT."""
    return message[2:SINGLE_OBJECT_HEADER_SIZE], message[SINGLE_OBJECT_HEADER_SIZE:]


def split_confluent(message: bytes) -> tuple[int, bytes]:
    """Return (schema id, body) of a message whose framing is CONFLUENT."""
    return int.from_bytes(message[1:CONFLUENT_HEADER_SIZE], "big"), message[CONFLUENT_HEADER_SIZE:]
