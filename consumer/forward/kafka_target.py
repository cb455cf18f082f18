"""Sends events to a topic as the transport does, and waits until Kafka has them."""

from collections.abc import Sequence
from typing import Any

from consumer.decode.json_value import json_value
from consumer.decode.message import message_of
from consumer.errors import KafkaProblem
from consumer.forward.pause import Pause
from openlineage_avro.config.settings import AvroKafkaConfig
from openlineage_avro.delivery.sender import PERMANENT, Sender
from openlineage_avro.record.record import Record, record_of

TRIES = 6
FIRST_PAUSE = 1.0  # seconds, doubled each time


class KafkaTarget:
    """A topic that takes events in their order."""

    def __init__(self, config: AvroKafkaConfig, pause: Pause) -> None:
        """Remember the settings; nothing is connected before the first event."""
        self._config = config
        self._pause = pause
        self._sender = Sender(config)

    def take(self, texts: Sequence[str]) -> None:
        """Send events, JSON text each; raise as `send` does."""
        self.send([json_value(text.encode()) for text in texts])

    def send(self, events: Sequence[dict[str, Any]]) -> None:
        """Send events; return when Kafka has all.

        Raises KafkaProblem where Kafka is away for longer, or will never take one; then those
        before it are sent. Raises Stopped.
        """
        records = [record_of(each, self._config, message_of(each)) for each in events]
        pause = FIRST_PAUSE
        for _ in range(TRIES):
            records, error = self._sent(records)
            if error is None:
                return
            self._pause.wait(pause)
            pause *= 2
        raise KafkaProblem(f"{self._where()} does not take events: {error}", retry=True)

    def close(self) -> None:
        """Close the connection."""
        self._sender.close(self._config.delivery_timeout)

    def _sent(self, records: list[Record]) -> tuple[list[Record], Exception | None]:
        """Send records; return those from the first on that failed, and its error."""
        try:
            errors = self._sender.send_all_fitting(records, self._config.delivery_timeout)
        except TimeoutError as exc:
            return records, exc
        for number, error in enumerate(errors):
            if isinstance(error, PERMANENT):
                raise KafkaProblem(f"{self._where()} will not take an event: {error}") from error
            if error is not None:
                return records[number:], error
        return [], None

    def _where(self) -> str:
        return f"topic {self._config.topic} at {self._config.bootstrap_servers}"
