"""Avro's binary encoding, as far as the generated writers and readers need it in functions.

Source: Avro 1.12 specification, "Binary Encoding". `z` in the names below means zigzag.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from struct import Struct
from typing import TYPE_CHECKING, Any

from openlineage_avro.errors import CorruptMessage
from openlineage_avro.event.json_text import dumps, key_text, loads

if TYPE_CHECKING:
    from collections.abc import Collection

LONG_MIN, LONG_MAX = -(1 << 63), (1 << 63) - 1
INT_MIN, INT_MAX = -(1 << 31), (1 << 31) - 1
FROM_BOOLEAN = {0: False, 1: True}
EMPTY_OBJECT = b"\x02\x04{}"

pack_nullable_double = Struct("<bd").pack
pack_double = Struct("<d").pack
unpack_double = Struct("<d").unpack_from


class Misfit(Exception):  # noqa: N818 - not an error: the value takes a more general place
    """The value does not fit the typed place it was tried in."""


def long(value: int) -> bytes:
    """Return an Avro int or long."""
    z = (value << 1) ^ (value >> 63)
    if z < 0x80:
        return bytes((z,))
    out = bytearray()
    while z >= 0x80:
        out.append(z & 0x7F | 0x80)
        z >>= 7
    out.append(z)
    return bytes(out)


# heads of short strings: their length, and the same behind the branch of a [null, string]
LENGTHS = tuple(long(size) for size in range(256))
NULLABLE_LENGTHS = tuple(b"\x02" + long(size) for size in range(256))


def nullable_long(value: int) -> bytes:
    """Return the second branch of [null, long]."""
    return b"\x02" + long(value)


def _time(micros: int) -> bytes:
    """Return the second branch of [null, long], written out for times of our age: 8 bytes."""
    z = micros << 1
    if not 1 << 49 <= z < 1 << 56:
        return nullable_long(micros)
    return bytes(
        (
            2,
            z & 127 | 128,
            z >> 7 & 127 | 128,
            z >> 14 & 127 | 128,
            z >> 21 & 127 | 128,
            z >> 28 & 127 | 128,
            z >> 35 & 127 | 128,
            z >> 42 & 127 | 128,
            z >> 49,
        )
    )


def string(text: str) -> bytes:
    """Return an Avro string; raise UnicodeEncodeError for lone surrogates."""
    encoded = text.encode()
    return long(len(encoded)) + encoded


def write_rest(
    out: bytearray, value: dict[Any, Any], known: Collection[str], misfits: Collection[str]
) -> None:
    """Write the members of a JSON object that no typed field took, as a map of JSON text."""
    _write_members(out, _rest(value, known, misfits))


def write_facets_rest(
    out: bytearray,
    value: dict[Any, Any],
    known: Collection[str],
    misfits: Collection[str],
    producer: str | None,
    write_custom_facet: Any,
) -> None:
    """Write the facets that no typed field took: objects as custom facets, others as JSON text."""
    rest = _rest(value, known, misfits)
    custom = [(key, facet) for key, facet in rest if facet.__class__ is dict]
    if custom:
        out += long(len(custom))
        for key, facet in custom:
            out += string(key_text(key))
            write_custom_facet(out, facet, producer)
    out.append(0)
    _write_members(out, [item for item in rest if item[1].__class__ is not dict])


def _rest(
    value: dict[Any, Any], known: Collection[str], misfits: Collection[str]
) -> list[tuple[Any, Any]]:
    return [
        (key, member)
        for key, member in value.items()
        if member is None or key not in known or key in misfits
    ]


def _write_members(out: bytearray, members: list[tuple[Any, Any]]) -> None:
    if members:
        out += long(len(members))
        for key, member in members:
            out += string(key_text(key))
            out += string(dumps(member))
    out.append(0)


def write_producer(out: bytearray, producer: Any) -> bool:
    """Write a facet's own _producer, or that it is absent; return whether it was written."""
    if producer.__class__ is str and producer:
        out += b"\x02" + string(producer)
        return True
    out += b"\x02\x00"
    return False


VERSION = re.compile(r"[0-9]+-[0-9]+-[0-9]+")


def write_schema_url(out: bytearray, url: Any, before: str, after: str) -> bool:
    """Write a schema's URL, as its version if only that differs; return whether it was written.

    `before` and `after` are the parts of the usual URL around its version.
    """
    if url.__class__ is not str or not url or VERSION.fullmatch(url):
        out += b"\x02\x00"
        return False
    if url.startswith(before) and url.endswith(after):
        version = url[len(before) : len(url) - len(after)]
        if VERSION.fullmatch(version):
            url = version
    out += b"\x02" + string(url)
    return True


def read_schema_url(text: str, before: str, after: str) -> str:
    """Return the URL for what write_schema_url wrote; empty if the URL is absent."""
    return f"{before}{text}{after}" if VERSION.fullmatch(text) else text


_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,6}))?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_FIRST = -62_135_596_800_000_000  # year 1 in microseconds
_LAST = 253_402_300_799_999_999  # year 9999


def write_time(out: bytearray, text: Any) -> bool:
    """Write eventTime and eventTimeText of the event; return whether they hold the text."""
    if text.__class__ is not str:
        out += b"\x00\x00"
        return False
    if text.endswith("+00:00"):
        micros = _canonical_micros(text)
        if micros is not None:
            out += _time(micros)
            out.append(0)
            return True
    match = _TIME.fullmatch(text)
    micros = _micros(match) if match else None
    out += b"\x00" if micros is None else nullable_long(micros)
    spelling: str | None = text
    if match and micros is not None and _is_canonical(match[2]):
        spelling = None if match[3] == "+00:00" else match[3]
    out += b"\x00" if spelling is None else b"\x02" + string(spelling)
    return True


def _canonical_micros(text: str) -> int | None:
    """Return the microseconds of a time written as isoformat does: the usual case, made fast."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    if time.isoformat() != text:
        return None
    since = time - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _is_canonical(fraction: str | None) -> bool:
    return fraction is None or (len(fraction) == 6 and fraction != "000000")


def _micros(match: re.Match[str]) -> int | None:
    zone = "+00:00" if match[3] == "Z" else match[3]
    try:
        since = datetime.fromisoformat(match[1] + zone) - _EPOCH
    except ValueError:
        return None
    seconds = since.days * 86_400 + since.seconds
    micros = seconds * 1_000_000 + int((match[2] or "").ljust(6, "0"))
    return micros if _FIRST <= micros <= _LAST else None


def read_time(micros: int | None, text: str | None) -> str | None:
    """Return the text of an event's time from its two fields."""
    if micros is None or (text is not None and len(text) > 6):
        return text
    zone = text or "+00:00"
    offset = 0
    if zone != "Z":
        sign = -1 if zone[0] == "-" else 1
        offset = sign * (int(zone[1:3]) * 3600 + int(zone[4:6]) * 60) * 1_000_000
    try:
        local = datetime(1970, 1, 1) + timedelta(microseconds=micros + offset)
    except OverflowError as exc:
        raise CorruptMessage(f"eventTime: expected a year from 1 to 9999, got {micros} us") from exc
    return local.isoformat() + zone


def varint(data: bytes, position: int) -> tuple[int, int]:
    """Return the zigzag form of the int or long at a position, and the position after it."""
    z = shift = 0
    while True:
        byte = data[position]
        position += 1
        z |= (byte & 0x7F) << shift
        if byte < 0x80:
            return z, position
        shift += 7
        if shift > 63:
            raise CorruptMessage(f"byte {position}: expected an int or long, got over 10 bytes")


def read_string(data: bytes, position: int) -> tuple[str, int]:
    """Return the string at a position, and the position after it."""
    z, start = varint(data, position)
    if z & 1:
        raise CorruptMessage(f"byte {position}: expected the length of a string, got a negative")
    end = start + (z >> 1)
    return data[start:end].decode(), end


def read_block(data: bytes, position: int) -> tuple[int, int]:
    """Return how many items a block of an array or map has, and where they begin."""
    z, start = varint(data, position)
    if not z & 1:
        return z >> 1, start
    _size, start = varint(data, start)  # a negative count is followed by the block's size
    return (z >> 1) + 1, start


def read_members(data: bytes, position: int, into: dict[str, Any]) -> int:
    """Read a map of JSON text into a JSON object, and return the position after it."""
    while data[position]:
        count, position = read_block(data, position)
        for _ in range(count):
            key, position = read_string(data, position)
            text, position = read_string(data, position)
            into[key] = loads(text)
    return position + 1


def bad_branch(field: str, data: bytes, position: int) -> CorruptMessage:
    """Return the error for a union branch that is neither null nor the other one."""
    found = data[position]
    return CorruptMessage(
        f"byte {position}: {field}: expected union branch 0 or 1, got 0x{found:02x}"
    )


def bad_length(field: str, position: int) -> CorruptMessage:
    """Return the error for a string of negative length."""
    return CorruptMessage(f"byte {position}: {field}: expected a length, got a negative number")
