"""One KafkaProducer at work: sends records, and is given up after a failure."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from openlineage_avro.errors import ConfigurationError, KafkaUnavailable, MessageTooLarge
from openlineage_avro.kafka import workarounds
from openlineage_avro.kafka.settings import kafka_settings
from openlineage_avro.kafka.topic import create_topic
from openlineage_avro.record.record import Record, framed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openlineage_avro.config.settings import AvroKafkaConfig
    from openlineage_avro.schema_registry import RegisteredSchema

MAX_REQUEST_BYTES = 100_000_000  # the broker's own limit, socket.request.max.bytes


class Connection:
    """A connected KafkaProducer; threads may share it, processes may not."""

    def __init__(
        self, config: AvroKafkaConfig, registered: RegisteredSchema | None, end: float
    ) -> None:
        """Connect until `end`, of time.monotonic(); a name lookup may take longer.

        Raises KafkaUnavailable or OSError when no broker could be used, and ConfigurationError.
        """
        self._registered = registered
        self._clients = workarounds.Clients()
        self._producer = _built(config, self._clients, end)

    def send_all(self, records: Sequence[Record], end: float) -> list[Exception | None]:
        """Send records in their order and wait until `end`; return what went wrong with each.

        Ends by itself, unless a registry must be asked for a schema's id.
        """
        futures: list[Any] = []
        stopped: Exception | None = None
        for record in records:
            try:
                futures.append(self._begin(record, end))
            except Exception as exc:  # such as a topic without metadata
                stopped = self._clients.explained(exc, record.topic)
                break
        waiting = zip(records[: len(futures)], futures, strict=True)
        errors = [_outcome(future, record, end) for record, future in waiting]
        return errors + [stopped] * (len(records) - len(futures))

    def close(self, seconds: float | None) -> bool:
        """Close it; False if it still held records after `seconds` (None: wait for them)."""
        return workarounds.close_producer(self._producer, seconds)

    def close_in_background(self, seconds: float) -> None:
        """Close it when the last of its records has expired, in `seconds` at the latest."""
        workarounds.close_in_background(self._producer, seconds)

    def _begin(self, record: Record, end: float) -> Any:
        value = framed(record, self._registered, end)
        workarounds.wait_no_longer_than(self._producer, end)
        return self._producer.send(record.topic, value, record.key, list(record.headers))


def _outcome(future: Any, record: Record, end: float) -> Exception | None:
    from kafka.errors import MessageSizeTooLargeError, RecordListTooLargeError

    try:
        future.get(timeout=max(0.0, end - time.monotonic()))
    except (MessageSizeTooLargeError, RecordListTooLargeError) as exc:
        too_large = MessageTooLarge(f"Kafka does not take an event of {len(record.value)} bytes")
        too_large.__cause__ = exc
        return too_large
    except Exception as exc:
        return exc
    return None


def _built(config: AvroKafkaConfig, clients: workarounds.Clients, end: float) -> Any:
    from kafka.errors import KafkaError
    from kafka.producer import KafkaProducer

    workarounds.quiet()
    settings = _settings(config)
    workarounds.first_answer(settings, end)
    if config.create_topic:
        create_topic(config, end)
    # Given up a little before `end`, so that the reason can still be told.
    settings["bootstrap_timeout_ms"] = int((end - time.monotonic()) * 900)
    try:
        return KafkaProducer(**{**settings, "kafka_client": clients, **config.producer})
    except BaseException as exc:
        clients.close()
        if isinstance(exc, ValueError):
            raise ConfigurationError(f"producer: {_without_values(exc, config)}") from exc
        if isinstance(exc, KafkaError):
            raise KafkaUnavailable(f"{exc}{clients.reason()}") from exc
        raise


def _settings(config: AvroKafkaConfig) -> dict[str, Any]:
    milliseconds = int(config.delivery_timeout * 1000)
    return {
        **kafka_settings(config),
        "compression_type": None if config.compression == "none" else config.compression,
        "acks": "all",
        # The consumer knows events that come twice. Numbering by the broker would cost the first
        # event a request, and takes a record too large for the end of all sending.
        "enable_idempotence": False,
        "max_in_flight_requests_per_connection": 1,  # keeps the order when a request is repeated
        "allow_auto_create_topics": False,
        "max_block_ms": milliseconds,
        "delivery_timeout_ms": milliseconds,
        "request_timeout_ms": milliseconds,
        # Of the event before compression; the broker measures it after, so let it decide.
        "max_request_size": MAX_REQUEST_BYTES,
        "metrics_enabled": False,
    }


def _without_values(exc: Exception, config: AvroKafkaConfig) -> str:
    from kafka.producer import KafkaProducer

    unknown = sorted(set(config.producer) - set(KafkaProducer.DEFAULT_CONFIG))
    if unknown:
        # kafka-python's own message repeats the values, which may be secret.
        return f"expected settings of kafka-python's KafkaProducer, got {', '.join(unknown)}"
    return str(exc)
