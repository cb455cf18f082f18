"""How large records are in the batch that Kafka stores and sends: what they cost in the end."""

from typing import Any

from openlineage_avro.config import AvroKafkaConfig
from openlineage_avro.kafka_protocol import Sendable, batch_of
from openlineage_avro.message_key import message_key
from openlineage_avro.pipeline_run import with_pipeline_run_id
from openlineage_avro.record import Record, record_of

TIME_MS = 1_795_000_000_000
CONFIG = AvroKafkaConfig(bootstrap_servers="kafka:9092")


def our_record(event: dict[str, Any]) -> Record:
    """Return an event's record as our transport sends it: with key, headers and run tag."""
    return record_of(with_pipeline_run_id(event), CONFIG)


def json_record(event: dict[str, Any], text: str) -> Record:
    """Return an event's record as OpenLineage's own Kafka transport sends it."""
    return Record(CONFIG.topic, message_key(event).encode(), text.encode(), ())


def batch_size(records: list[Record], compression: str) -> int:
    """Return the bytes of one Kafka record batch (v2) with a compression of the transport's."""
    sendable = [
        Sendable(record.key, record.value, record.headers, TIME_MS + position)
        for position, record in enumerate(records)
    ]
    return len(batch_of(sendable, compression))
