"""Reads a topic outside of any consumer group; nothing is committed."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from openlineage_avro.errors import KafkaUnavailable
from openlineage_avro.kafka.settings import check_types, kafka_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openlineage_avro.config.kafka import KafkaSettings

POLL_MS = 500


@contextmanager
def assigned_consumer(config: KafkaSettings, topic: str, seconds: float) -> Iterator[Any]:
    """Yield a KafkaConsumer of all partitions of a topic; it waits `seconds` for an answer.

    Raises KafkaUnavailable if there is no such topic, and kafka-python's errors.
    """
    from kafka import KafkaConsumer, TopicPartition

    check_types(config.kafka_python, KafkaConsumer.DEFAULT_CONFIG)
    milliseconds = int(seconds * 1000)
    consumer = KafkaConsumer(
        **{
            **kafka_settings(config),
            "group_id": None,
            "allow_auto_create_topics": False,
            "bootstrap_timeout_ms": milliseconds,
            "request_timeout_ms": milliseconds,
            **config.kafka_python,
        }
    )
    try:
        numbers = consumer.partitions_for_topic(topic)
        if not numbers:
            raise KafkaUnavailable(
                f"{config.bootstrap_servers}: expected topic {topic}, got no such topic"
            )
        consumer.assign([TopicPartition(topic, number) for number in sorted(numbers)])
        yield consumer
    finally:
        consumer.close()


def records_of(consumer: Any, *, follow: bool) -> Iterator[Any]:
    """Yield the records of a consumer's partitions, from the first one; or wait for more.

    `follow`: go on after the last one.
    """
    partitions = sorted(consumer.assignment())
    consumer.seek_to_beginning(*partitions)
    ends = consumer.end_offsets(partitions)
    while follow or any(consumer.position(each) < ends[each] for each in partitions):
        for records in consumer.poll(timeout_ms=POLL_MS).values():
            yield from records


def ends_of(consumer: Any) -> dict[int, int]:
    """Return the offset behind the last record of each partition."""
    ends = consumer.end_offsets(consumer.assignment())
    return {at.partition: offset for at, offset in ends.items()}


def records_since(consumer: Any, offsets: Mapping[int, int], seconds: float) -> Iterator[Any]:
    """Yield the records from some offsets on (0 where none is given) that come in `seconds`."""
    for at in consumer.assignment():
        consumer.seek(at, offsets.get(at.partition, 0))
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for records in consumer.poll(timeout_ms=200).values():
            yield from records
