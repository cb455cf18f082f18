"""What is sent for an event: key, Avro bytes, and headers to route by without decoding.

| header          | value                                                                    |
|-----------------|--------------------------------------------------------------------------|
| content-type    | avro/binary (Avro 1.12 specification, "HTTP as Transport")               |
| schema          | CRC-64-AVRO of the writer's schema, the 8 bytes that are in the value's  |
|                 | own header, too: so it costs next to nothing in a compressed batch       |
| event_type      | START, RUNNING, COMPLETE, FAIL, ABORT, OTHER; JOB, DATASET; none for an  |
|                 | object that is no event                                                  |
| pipeline_run_id | the id as UTF-8 text, where the event has it                             |
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from openlineage_avro.codec import schemas
from openlineage_avro.codec.codec import encode
from openlineage_avro.codec.framing import confluent, split_single_object
from openlineage_avro.event.kinds import event_type
from openlineage_avro.event.pipeline_run_id import pipeline_run_id_of
from openlineage_avro.record.key import message_key

if TYPE_CHECKING:
    from openlineage_avro.config.settings import AvroKafkaConfig
    from openlineage_avro.schema_registry import RegisteredSchema

CONTENT_TYPE = b"avro/binary"


class Record(NamedTuple):
    """One record for Kafka; `value` is in Avro's single-object encoding."""

    topic: str
    key: bytes | None
    value: bytes
    headers: tuple[tuple[str, bytes], ...]


def record_of(
    event: dict[str, Any], config: AvroKafkaConfig, message: bytes | None = None
) -> Record:
    """Return the record of an event (a JSON object), for the topic and key of the settings.

    `message` is what `encode` gives for it, where that is known.
    """
    key = message_key(event, config.message_key)
    pipeline_run_id = pipeline_run_id_of(event, config.pipeline_run_id_name)
    headers = {
        "content-type": CONTENT_TYPE,
        "schema": schemas.fingerprint_of(schemas.newest()),
        "event_type": _bytes(event_type(event) or ""),
        "pipeline_run_id": _bytes(pipeline_run_id or ""),
    }
    return Record(
        topic=config.topic,
        key=None if key is None else _bytes(key),
        value=encode(event) if message is None else message,
        headers=tuple((name, value) for name, value in headers.items() if value),
    )


def framed(record: Record, registered: RegisteredSchema | None, end: float) -> bytes:
    """Return the value as it goes to Kafka: with a registry, in the Confluent wire format.

    Asks the registry for the schema's id until `end`, of time.monotonic(), the first time.
    """
    if registered is None:
        return record.value
    fingerprint, body = split_single_object(record.value)
    return confluent(registered.id(fingerprint, end), body)


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")
