"""How large records are in the batch that Kafka stores and sends: what they cost in the end."""

from typing import Any

from kafka.record import MemoryRecordsBuilder

from openlineage_avro.config.settings import AvroKafkaConfig
from openlineage_avro.event.pipeline_run_id import with_pipeline_run_id
from openlineage_avro.record.key import message_key
from openlineage_avro.record.record import Record, record_of

TIME_MS = 1_795_000_000_000
LARGEST = 1 << 30  # bytes
# Kafka's numbers: https://kafka.apache.org/documentation/#recordbatch
CODECS = {"none": 0, "gzip": 1, "snappy": 2, "lz4": 3, "zstd": 4}
CONFIG = AvroKafkaConfig(bootstrap_servers="kafka:9092")


def our_record(event: dict[str, Any]) -> Record:
    """Return an event's record as our transport sends it: with key, headers and run tag."""
    return record_of(with_pipeline_run_id(event), CONFIG)


def json_record(event: dict[str, Any], text: str) -> Record:
    """Return an event's record as OpenLineage's own Kafka transport sends it."""
    return Record(CONFIG.topic, message_key(event).encode(), text.encode(), ())


def batch_size(records: list[Record], compression: str) -> int:
    """Return the bytes of one Kafka record batch (v2) with a compression of the transport's."""
    builder = MemoryRecordsBuilder(2, CODECS[compression], batch_size=LARGEST)
    for position, record in enumerate(records):
        builder.append(TIME_MS + position, record.key, record.value, list(record.headers))
    builder.close()
    return int(builder.size_in_bytes())
