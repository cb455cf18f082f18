"""Reads messages for the command line: from files, standard input, hex text or a Kafka topic."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openlineage_avro.codec import schemas
from openlineage_avro.codec.codec import decode, decode_json, decode_registered
from openlineage_avro.codec.framing import Framing, framing_of
from openlineage_avro.errors import OpenLineageAvroError
from openlineage_avro.kafka.reader import assigned_consumer, records_of
from openlineage_avro.schema_registry import SchemaOf, without_registry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from openlineage_avro.config.kafka import KafkaSettings

ANSWER_SECONDS = 10.0
NO_VALUE = b"\xff" * 4  # -1, kcat's length of a message without a value


@dataclass(frozen=True)
class Message:
    """One message, and where it was found."""

    value: bytes
    where: str
    key: str | None = None
    partition: int | None = None
    offset: int | None = None


def event_of(message: Message, schema_of: SchemaOf = without_registry) -> dict[str, Any]:
    """Return the event of a message, as JSON or as Avro; raises OpenLineageAvroError."""
    framing = framing_of(message.value)
    if framing is Framing.JSON:
        return decode_json(message.value)
    if framing is Framing.CONFLUENT:
        event: dict[str, Any] = decode_registered(message.value, schema_of)
        return event
    return decode(message.value)


def from_files(names: list[str], length_prefixed: bool) -> Iterator[Message]:
    """Yield the messages of files; `-` is standard input."""
    for name in names:
        if name == "-":
            yield from _from_stream(sys.stdin.buffer, "stdin", length_prefixed)
        else:
            with Path(name).open("rb") as stream:
                yield from _from_stream(stream, name, length_prefixed)


def _from_stream(stream: BinaryIO, name: str, length_prefixed: bool) -> Iterator[Message]:
    if length_prefixed:
        yield from _length_prefixed(stream, name)
        return
    start = stream.read(2)
    if start == b"\xc3\x01" or start[:1] == b"\x00":
        yield Message(start + stream.read(), name)
        return
    rest = start + stream.readline() if not start.endswith(b"\n") else start
    for number, line in enumerate(_chain(rest, stream), 1):
        if line.strip():
            yield from_text(line.strip(), f"{name} line {number}")


def _chain(first: bytes, stream: BinaryIO) -> Iterator[bytes]:
    yield from io.BytesIO(first)
    yield from stream


def _length_prefixed(stream: BinaryIO, name: str) -> Iterator[Message]:
    """Yield messages behind their length, 4 bytes, most significant first: kcat's -f '%R%s'."""
    number = 0
    while head := stream.read(4):
        number += 1
        size = int.from_bytes(head, "big")
        if head == NO_VALUE:
            yield Message(b"", f"{name} message {number}")
            continue
        value = stream.read(size)
        where = f"{name} message {number}"
        if len(head) < 4 or len(value) < size:
            raise OpenLineageAvroError(f"{where}: expected {size} bytes, got {len(value)}")
        yield Message(value, where)


def from_text(line: bytes, where: str) -> Message:
    """Return the message of a line of text: JSON as it is, or the hex of a message."""
    if line.startswith(b"{"):
        return Message(line, where)
    try:
        return Message(bytes.fromhex(line.decode("ascii")), where)
    except ValueError:
        return Message(line, where)  # for event_of to say what was seen


def from_topic(topic: str, settings: KafkaSettings, follow: bool) -> Iterator[Message]:
    """Yield the messages of a topic, from the first one; with `follow`, wait for more."""
    with assigned_consumer(settings, topic, ANSWER_SECONDS) as consumer:
        yield from map(_of_record, records_of(consumer, follow=follow))


def _of_record(record: Any) -> Message:
    where = f"{record.topic} partition {record.partition} offset {record.offset}"
    key = record.key.decode("utf-8", "replace") if record.key is not None else None
    return Message(record.value or b"", where, key, record.partition, record.offset)


def described(message: Message, event: dict[str, Any]) -> dict[str, Any]:
    """Return the event with what is known about its message, sizes in bytes."""
    framing = framing_of(message.value)
    return {
        "key": message.key,
        "partition": message.partition,
        "offset": message.offset,
        "framing": framing.value,
        "schema": _schema_name(message) if framing is Framing.SINGLE_OBJECT else None,
        "bytes": len(message.value),
        "jsonBytes": len(json.dumps(event)),
        "event": event,
    }


def _schema_name(message: Message) -> str:
    return f"openlineage-event-{schemas.version_of(message.value[2:10])}"
