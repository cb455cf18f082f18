"""Sends events to Kafka as the transport would, and waits until Kafka has them."""

import time
from collections.abc import Sequence
from typing import Any

from consumer.decode.message import message_of
from openlineage_avro.config.settings import AvroKafkaConfig
from openlineage_avro.delivery import sender
from openlineage_avro.errors import OpenLineageAvroError
from openlineage_avro.kafka.topic import admin_client
from openlineage_avro.record.record import Record, record_of

ANSWER_SECONDS = 3.0


class Sender:
    """One connection to Kafka that threads share."""

    def __init__(self, config: AvroKafkaConfig) -> None:
        """Remember the settings; nothing is connected before the first event."""
        self.config = config
        self._sender = sender.Sender(config)

    def record(self, event: dict[str, Any]) -> Record:
        """Return the record of an event; raise EncodeError if it is nested too deeply."""
        return record_of(event, self.config, message_of(event))

    def send(self, events: Sequence[dict[str, Any]]) -> list[Exception | None]:
        """Send events in their order; return what went wrong with each.

        None stands for an event that Kafka has acknowledged. One that is too large for Kafka is
        cut as the transport does, and sent after the others.
        """
        return self.send_records([self.record(event) for event in events])

    def send_records(self, records: Sequence[Record]) -> list[Exception | None]:
        """Send what `record` gave, as `send` does."""
        seconds = self.config.delivery_timeout
        try:
            return self._sender.send_all_fitting(records, seconds)
        except TimeoutError as exc:  # while connecting
            return [exc] * len(records)

    def problem(self) -> str | None:
        """Return what is the matter with Kafka or the topic, None if events can be sent."""
        try:
            with admin_client(self.config, time.monotonic() + ANSWER_SECONDS) as admin:
                [topic] = admin.describe_topics([self.config.topic])
        except (OpenLineageAvroError, OSError) as exc:
            return str(exc)
        code = topic["error_code"]
        return f"topic {self.config.topic}: error {code}" if code else None

    def close(self) -> None:
        """Close the connection, when what was begun has been sent."""
        self._sender.close(self.config.delivery_timeout)
