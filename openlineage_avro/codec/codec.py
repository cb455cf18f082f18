"""Turns an OpenLineage event into the bytes of a message, and back, without losing anything.

event (object or dict) -> event.to_dict -> generated writer -> framing.single_object
message -> framing.split_single_object -> generated reader of the writer's schema -> dict
"""

from __future__ import annotations

import json
import struct
from functools import cache
from typing import TYPE_CHECKING, Any

from openlineage_avro.codec import schemas
from openlineage_avro.codec.framing import (
    Framing,
    begins_json_object,
    framing_of,
    single_object,
    split_confluent,
    split_single_object,
)
from openlineage_avro.errors import CorruptMessage, EncodeError, UnknownFraming, UnknownSchema
from openlineage_avro.event.depth import TooDeep, check_depth, may_be_deep
from openlineage_avro.event.plain import to_dict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Only JSON text can have any number of levels; around it are fewer than these.
MOST_TYPED_LEVELS = 50


def encode(event: Any) -> bytes:
    """Return an event as an Avro message that names its schema (single-object encoding).

    `event` is a dict or an object of OpenLineage's RunEvent, JobEvent or DatasetEvent classes.
    `decode` gives the equal dict for every JSON object; what JSON does not know becomes what
    OpenLineage's Serde makes of it. Raises EncodeError if it is neither dict nor event, or has
    more levels than may be sent (event/depth.py).
    """
    return single_object(schemas.fingerprint_of(schemas.newest()), encode_body(event))


def encode_text(text: str) -> bytes:
    """Return the message of an event that is given as JSON text, which it keeps to the letter.

    For events with numbers that Python's types do not hold; `text` must be an object's, and have
    UTF-8: escapes stand for lone surrogates.
    """
    module = generated(schemas.newest())
    return single_object(schemas.fingerprint_of(schemas.newest()), _raw(module, text))


def decode(message: bytes, read_json: Callable[[bytes], Any] | None = None) -> dict[str, Any]:
    """Return the event of a message written by `encode`, of this or an earlier version.

    `read_json` reads the JSON text of an event that is kept as text, instead of json.loads.
    Raises UnknownFraming, UnknownSchema or CorruptMessage, all of them DecodeError, and what
    `read_json` raises.
    """
    message = bytes(message)
    framing = framing_of(message)
    if framing is not Framing.SINGLE_OBJECT:
        raise UnknownFraming(f"expected Avro single-object encoding, got {framing.value}")
    fingerprint, body = split_single_object(message)
    return decode_body(body, schemas.version_of(fingerprint), read_json)


def decode_registered(
    message: bytes,
    schema_of: Callable[[int], schemas.WriterSchema],
    read_json: Callable[[bytes], Any] | None = None,
) -> Any:
    """Return the event of a message in the Confluent wire format, Avro or JSON.

    `schema_of` gives a registry's schema by its id, or raises UnknownSchema: then a body that
    begins as a JSON object does is JSON. `read_json` reads such a body instead of `decode_json`,
    and events that are kept as text. Raises what `decode` raises, and what those two raise.
    """
    read_text, read_json = read_json, read_json or decode_json
    message = bytes(message)
    framing = framing_of(message)
    if framing is not Framing.CONFLUENT:
        raise UnknownFraming(f"expected the Confluent wire format, got {framing.value}")
    schema_id, body = split_confluent(message)
    try:
        schema = schema_of(schema_id)
    except UnknownSchema:
        if begins_json_object(body):  # as no Avro body of ours does
            return read_json(body)
        raise
    if schema.type == schemas.JSON:
        return read_json(body)
    return decode_body(body, _version_of(schema, schema_id), read_text)


def _version_of(schema: schemas.WriterSchema, schema_id: int) -> int:
    try:
        return schemas.version_of_writer(schema)
    except UnknownSchema as exc:
        raise UnknownSchema(f"schema id {schema_id}: {exc}") from None


def decode_json(text: bytes) -> dict[str, Any]:
    """Return the event of a message that is JSON text; raise CorruptMessage."""
    try:
        event = json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise CorruptMessage(f"JSON: {exc}") from exc
    if not isinstance(event, dict):
        raise CorruptMessage(f"JSON: expected an object, got {type(event).__name__}")
    return event


def encode_body(event: Any) -> bytes:
    """Return the Avro body of an event, written with the newest schema, without any header."""
    event = event if isinstance(event, dict) else to_dict(event)
    module = generated(schemas.newest())
    try:
        body = _written(module, event)
        if may_be_deep(body, MOST_TYPED_LEVELS):
            check_depth(event)
    except (RecursionError, ValueError) as exc:
        raise _refused(event, exc) from exc
    return body


def _written(module: dict[str, Any], event: dict[str, Any]) -> bytes:
    out = bytearray()
    try:
        module["write_OpenLineageEvent"](out, event, None)
    except UnicodeEncodeError:  # lone surrogates have no UTF-8, but JSON has escapes for them
        from openlineage_avro.event.json_text import dumps_ascii

        return _raw(module, dumps_ascii(event))
    return bytes(out)


def _refused(event: dict[str, Any], exc: Exception) -> EncodeError:
    try:
        check_depth(event)
    except TooDeep as too_deep:
        return EncodeError(str(too_deep))
    return EncodeError(f"expected an event that has JSON text, got {exc}")


def _raw(module: dict[str, Any], text: str) -> bytes:
    """Return the body of an event that is kept as JSON text."""
    from openlineage_avro.codec.binary import string

    return _before_raw(module) + string(text) + b"\0"


def _before_raw(module: dict[str, Any]) -> bytes:
    before: bytes = b"\0" * module["RAW_POSITION"]
    return before + b"\2"


def _kept_text(data: bytes, at: int, version: int) -> tuple[bytes, int] | None:
    """Return the JSON text of an event that is kept as text, and where its body ends.

    None for others, and for those that are broken: `read_OpenLineageEvent` says how.
    """
    module = generated(version)
    before = _before_raw(module)
    if not data.startswith(before, at):
        return None
    try:
        text, end = module["read_string"](data, at + len(before))
    except (ValueError, IndexError, CorruptMessage):
        return None
    return (text.encode(), end + 1) if data[end : end + 1] == b"\0" else None


def prepare(completely: bool = False) -> None:
    """Make ahead of the first event what `encode` needs; `completely`: for events of all kinds."""
    module = generated(schemas.newest())
    if completely:
        for compile_one in module["WRITERS"]:
            compile_one()


def decode_body(
    body: bytes, version: int, read_json: Callable[[bytes], Any] | None = None
) -> dict[str, Any]:
    """Return the event of an Avro body written with a version of the schema.

    `read_json` as for `decode`. Raises CorruptMessage, and what `read_json` raises.
    """
    event, end = _read(body, 0, version, read_json)
    if end != len(body):
        raise CorruptMessage(_where(version, f"expected {end} bytes, got {len(body)}"))
    return event


def decode_bodies(
    data: bytes, version: int, read_json: Callable[[bytes], Any] | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the events of bodies that follow one another, as in Avro's object container files.

    Raises as `decode_body` does.
    """
    at = 0
    while at < len(data):
        event, at = _read(data, at, version, read_json)
        yield event


def _read(
    data: bytes, at: int, version: int, read_json: Callable[[bytes], Any] | None
) -> tuple[dict[str, Any], int]:
    """Return the event at a position, and where its body ends."""
    read: Callable[..., tuple[Any, int]] = generated(version)["read_OpenLineageEvent"]
    if read_json is not None and (kept := _kept_text(data, at, version)) is not None:
        text, end = kept
        return _as_object(read_json(text), version), end
    try:
        event, end = read(data, at, None)
        if may_be_deep(data[at:end], MOST_TYPED_LEVELS):
            check_depth(event)
    except (IndexError, struct.error) as exc:
        raise CorruptMessage(_where(version, f"expected more than its {len(data)} bytes")) from exc
    except KeyError as exc:
        raise CorruptMessage(_where(version, f"expected an enum or boolean, got {exc}")) from exc
    except TooDeep as exc:
        raise CorruptMessage(_where(version, str(exc))) from exc
    except RecursionError as exc:
        raise CorruptMessage(_where(version, str(TooDeep()))) from exc
    except (TypeError, ValueError, OverflowError) as exc:
        raise CorruptMessage(_where(version, f"expected text or JSON text: {exc}")) from exc
    if end > len(data):
        raise CorruptMessage(_where(version, f"expected {end} bytes, got {len(data)}"))
    return _as_object(event, version), end


def _as_object(event: Any, version: int) -> dict[str, Any]:
    if event.__class__ is not dict:
        raise CorruptMessage(_where(version, f"raw: expected an object, got {event!r:.40}"))
    found: dict[str, Any] = event
    return found


def _where(version: int, what: str) -> str:
    return f"body of schema openlineage-event-{version}: {what}"


@cache
def generated(version: int) -> dict[str, Any]:
    """Return the namespace with the generated writers and readers of a schema version."""
    from openlineage_avro.codec.generator import generate

    return generate(schemas.parsed(version), f"openlineage-event-{version}")
