"""Reads the body of a request that brings events: how large it is, how it is packed, what is in it.

A body is one event, a JSON array of events, or lines of an event each (NDJSON, https://ndjson.org).
"""

import json
import re
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import anyio
from starlette.requests import ClientDisconnect, Request

from consumer.api.body_limit import TOO_LARGE, message
from consumer.api.errors import ApiError
from consumer.decode.json_value import json_items, json_text, json_value
from openlineage_avro.event.depth import TooDeep

LINES = re.compile(r"application/(x-)?(ndjson|jsonl|json-?lines|json-seq)\b", re.IGNORECASE)
GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
RECEIVE_SECONDS = 120.0
STEP_BYTES = 1 << 20


class Packed(NamedTuple):
    """A body as it came, and what its headers say of it."""

    content: bytes
    encoding: str  # gzip, or empty
    has_lines: bool


class NotRead(NamedTuple):
    """Why one of several events could not be read."""

    status: int
    reason: str


class Bulk(NamedTuple):
    """The events of a body that may hold several; reading on raises ApiError."""

    events: Iterator[Any]


async def receive(request: Request) -> Packed:
    """Return the body of a request; raise ApiError if it is packed in another way."""
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise ApiError(415, f"Content-Encoding: expected gzip or none, got {encoding!r}")
    try:
        content = await _content(request)
    except TimeoutError:
        raise ApiError(408, f"expected the body within {RECEIVE_SECONDS:g} s") from None
    except ClientDisconnect:
        raise ApiError(400, "the connection was closed within the body") from None
    has_lines = LINES.match(request.headers.get("content-type", "")) is not None
    return Packed(content, "gzip" if "gzip" in encoding else "", has_lines)


async def _content(request: Request) -> bytes:
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) <= STEP_BYTES:
        return await request.body()  # a clock costs more than who is slow with so little
    with anyio.fail_after(RECEIVE_SECONDS):
        return await request.body()


def unpacked(packed: Packed, most_bytes: int) -> bytes:
    """Return the content of a body; raise ApiError if it is too large or no gzip.

    However much a small body would unpack to, no more than `most_bytes` are kept of it.
    """
    if not packed.encoding:
        return packed.content
    rest, out = packed.content, bytearray()
    try:
        while rest:  # gzip files may follow each other
            part = zlib.decompressobj(GZIP_OR_ZLIB)
            rest = _unpack(part, rest, out, most_bytes)
    except zlib.error as exc:
        raise ApiError(400, f"body: expected gzip: {exc}") from None
    return bytes(out)


def _unpack(part: "zlib._Decompress", rest: bytes, out: bytearray, most_bytes: int) -> bytes:
    """Unpack one gzip file onto `out`; return what follows it."""
    while not part.eof:
        made = part.decompress(rest, STEP_BYTES)
        out += made
        if len(out) > most_bytes:
            raise ApiError(TOO_LARGE, message(most_bytes))
        rest = part.unconsumed_tail
        if not made and not rest and not part.eof:
            raise ApiError(400, f"body: expected gzip, it ends after {len(out)} bytes of content")
    return part.unused_data


def content_of(body: bytes, has_lines: bool) -> Any:
    """Return the one event of a body, or its Bulk; raise ApiError for what is no JSON."""
    start = body[:100].lstrip(b"\xef\xbb\xbf \t\r\n\0")
    if not start:
        raise ApiError(400, "body: expected an event, an array or lines of events, got nothing")
    if start.startswith(b"["):
        return Bulk(_items(body))
    if has_lines:
        return Bulk(_lines(body))
    try:
        return json_value(body)
    except TooDeep as exc:
        return exc
    except json.JSONDecodeError as exc:
        if exc.msg == "Extra data" and exc.lineno > 1:  # another event in a later line
            return Bulk(_lines(body))
        raise ApiError(400, f"body: expected JSON: {exc}") from None
    except ValueError as exc:
        raise ApiError(400, f"body: expected JSON in UTF-8: {exc}") from None


def _items(body: bytes) -> Iterator[Any]:
    count = 0
    try:
        for item in json_items(json_text(body)):
            yield item
            count += 1
    except ValueError as exc:
        raise ApiError(400, f"body: expected a JSON array, after {count} items: {exc}") from None


def _lines(body: bytes) -> Iterator[Any]:
    at = 0
    while at < len(body):
        end = body.find(b"\n", at)
        end = len(body) if end < 0 else end
        line = body[at:end].strip(b"\x1e \t\r")  # RFC 7464 has a record separator
        if line:
            yield _line(line)
        at = end + 1


def _line(line: bytes) -> Any:
    try:
        return json_value(line)
    except TooDeep as exc:
        return exc
    except ValueError as exc:
        return NotRead(400, f"expected JSON: {exc}")
