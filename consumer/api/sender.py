"""Sends events to Kafka as the transport would, and waits until Kafka has them."""

import time
from collections.abc import Sequence
from typing import Any

from openlineage_avro.config.settings import AvroKafkaConfig
from openlineage_avro.kafka.producer import Producer
from openlineage_avro.record.record import record_of


class Sender:
    """One connection to Kafka that threads share."""

    def __init__(self, config: AvroKafkaConfig) -> None:
        """Remember the settings; nothing is connected before the first event."""
        self._config = config
        self._producer = Producer(config)

    def send(self, events: Sequence[dict[str, Any]]) -> list[Exception | None]:
        """Send events in their order; return what went wrong with each.

        None stands for an event that Kafka has acknowledged.
        """
        records = [record_of(event, self._config) for event in events]
        return self._producer.send_all(records, time.monotonic() + self._config.delivery_timeout)

    def close(self) -> None:
        """Close the connection, when what was begun has been sent."""
        self._producer.close(self._config.delivery_timeout)
