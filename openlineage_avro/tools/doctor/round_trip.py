"""Sends a marked event through the real transport, and reads it back from the topic."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from openlineage_avro.errors import ConfigurationError, DeliveryError
from openlineage_avro.event.doctor_event import NAME, NAMESPACE, PRODUCER
from openlineage_avro.kafka.reader import assigned_consumer, ends_of, records_since
from openlineage_avro.schema_registry import Registry, schemas_of
from openlineage_avro.tools.doctor.result import fail, ok, warn

if TYPE_CHECKING:
    from openlineage_avro.config.settings import AvroKafkaConfig
    from openlineage_avro.schema_registry import SchemaOf
    from openlineage_avro.tools.doctor.patient import Patient
    from openlineage_avro.tools.doctor.result import Finding

LONGEST_SEND, READ_SECONDS = 10.0, 8.0


def send_and_read(patient: Patient) -> Finding:
    """Send a JobEvent of job `doctor` past the spool, so that a failure is seen; read it back."""
    import attr

    from openlineage_avro.transport import AvroKafkaTransport

    seconds = min(patient.config.delivery_timeout, LONGEST_SEND)
    config = attr.evolve(patient.config, spool_dir="none", delivery_timeout=seconds)
    event, begin = _event(), time.perf_counter()
    before = _ends(config) if patient.topic else {}
    transport = AvroKafkaTransport(config)
    try:
        transport.emit(event)
    except (DeliveryError, ConfigurationError) as exc:
        return fail(str(exc), "docs/troubleshooting.md has a line for it")
    finally:
        transport.close(1.0)
    sent = f"acknowledged after {(time.perf_counter() - begin) * 1e3:.0f} ms"
    return _read_back(config, before, str(event.eventTime), sent)


def _event() -> Any:
    from openlineage.client.event_v2 import Job, JobEvent

    now = datetime.now(timezone.utc).isoformat()
    return JobEvent(eventTime=now, producer=PRODUCER, job=Job(namespace=NAMESPACE, name=NAME))


def _ends(config: AvroKafkaConfig) -> dict[int, int]:
    with assigned_consumer(config, config.topic, READ_SECONDS) as consumer:
        return ends_of(consumer)


def _read_back(
    config: AvroKafkaConfig, before: dict[int, int], event_time: str, sent: str
) -> Finding:
    from kafka.errors import AuthorizationError

    schema_of = schemas_of(Registry.of_settings(config))
    try:
        with assigned_consumer(config, config.topic, READ_SECONDS) as consumer:
            for record in records_since(consumer, before, READ_SECONDS):
                if _is_ours(record, schema_of, event_time):
                    where = f"partition {record.partition}, offset {record.offset}"
                    return ok(f"{sent}, read back from {where}")
    except AuthorizationError:
        return warn(f"{sent}; this user may not read the topic", "none is needed to send")
    return fail(f"{sent}, but not found on the topic", "is a broker losing records?")


def _is_ours(record: Any, schema_of: SchemaOf, event_time: str) -> bool:
    from openlineage_avro.errors import OpenLineageAvroError
    from openlineage_avro.tools.messages import Message, event_of

    try:
        event = event_of(Message(record.value or b"", "the topic"), schema_of)
    except OpenLineageAvroError:
        return False  # of another producer
    job = event.get("job") or {}
    return (job.get("namespace"), job.get("name"), event.get("eventTime")) == (
        *(NAMESPACE, NAME),
        event_time,
    )
