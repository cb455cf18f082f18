"""Sends records with kafka-python: one producer a process, shared by its threads."""

import os
import threading
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from openlineage_avro.config.settings import AvroKafkaConfig
from openlineage_avro.errors import ConfigurationError, KafkaUnavailable, MessageTooLarge
from openlineage_avro.kafka import workarounds
from openlineage_avro.kafka.settings import kafka_settings
from openlineage_avro.kafka.topic import create_topic
from openlineage_avro.record.record import Record, framed
from openlineage_avro.schema_registry import RegisteredSchema

MAX_REQUEST_BYTES = 100_000_000  # the broker's own limit, socket.request.max.bytes


def prepare(completely: bool = False) -> None:
    """Import kafka-python, which takes longer than to send an event.

    completely: and have it make what it makes with its first requests, for processes that fork.
    """
    import kafka.producer  # noqa: F401

    if completely:
        workarounds.compile_messages()


class Producer:
    """A KafkaProducer that is built with the first record, and anew after a failure or a fork."""

    def __init__(self, config: AvroKafkaConfig) -> None:
        """Remember the settings; nothing is connected before the first record."""
        prepare()  # now, so that the first event need not wait for it
        self._config = config
        self._registered = RegisteredSchema.of(config)
        self._process = _Process()

    def send(self, record: Record, end: float) -> None:
        """Send one record and wait for its acknowledgement by all in-sync replicas.

        Gives up at `end`, of time.monotonic(). Raises MessageTooLarge when the broker or the topic
        does not take a record of this size, KafkaUnavailable or OSError when no broker could be
        used, RegistryUnavailable or RegistryRefused, and kafka-python's error for anything else.
        """
        [error] = self.send_all([record], end)
        if error is not None:
            raise error

    def send_all(self, records: Sequence[Record], end: float) -> list[Exception | None]:
        """Send records in their order and wait until `end`; return what went wrong with each.

        None stands for an acknowledged record. One failure may cause those of later records.
        """
        try:
            connected = self._connected(end)
        except Exception as exc:
            return [exc] * len(records)
        errors = self._outcomes(connected, records, end)
        if any(error and not isinstance(error, MessageTooLarge) for error in errors):
            self._discard(connected)
        return errors

    def close(self, timeout: float) -> bool:
        """Close the producer, waiting at most `timeout` seconds (negative: as long as it takes)."""
        process = self._of_this_process()
        # Whoever holds the lock is building the producer, for an event that is not sent yet.
        if not process.lock.acquire(timeout=timeout if timeout >= 0 else -1):
            return False
        connected, process.connected = process.connected, None
        process.lock.release()
        seconds = None if timeout < 0 else timeout
        return connected is None or workarounds.close_producer(connected.producer, seconds)

    def _outcomes(
        self, connected: "_Connected", records: Sequence[Record], end: float
    ) -> list[Exception | None]:
        futures: list[Any] = []
        stopped: Exception | None = None
        for record in records:
            try:
                value = framed(record, self._registered, end)
                headers = list(record.headers)
                workarounds.wait_no_longer_than(connected.producer, end)
                sent = connected.producer.send(record.topic, value, record.key, headers)
                futures.append(sent)
            except Exception as exc:  # such as a topic without metadata
                stopped = connected.clients.explained(exc, record.topic)
                break
        waiting = zip(records[: len(futures)], futures, strict=True)
        errors = [_outcome(future, record, end) for record, future in waiting]
        return errors + [stopped] * (len(records) - len(futures))

    def _discard(self, connected: "_Connected") -> None:
        """Have the next record sent by a new producer, which has nothing left to try again."""
        with self._process.lock:
            if self._process.connected is connected:
                self._process.connected = None
        workarounds.close_in_background(connected.producer, 2 * self._config.delivery_timeout)

    def _connected(self, end: float) -> "_Connected":
        process = self._of_this_process()
        if not process.lock.acquire(timeout=max(0.0, end - time.monotonic())):
            raise TimeoutError("another event's connection is still being made")
        try:
            if process.connected is None:
                process.connected = _connect(self._config, end)
            return process.connected
        finally:
            process.lock.release()

    def _of_this_process(self) -> "_Process":
        if self._process.pid != os.getpid():
            workarounds.leave_behind(self._process)
            self._process = _Process()
        return self._process


class _Connected(NamedTuple):
    """A KafkaProducer and the clients that it works with."""

    producer: Any
    clients: workarounds.Clients


class _Process:
    """What belongs to one process: a lock that no other thread holds after a fork."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.lock = threading.Lock()
        self.connected: _Connected | None = None


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


def _connect(config: AvroKafkaConfig, end: float) -> _Connected:
    from kafka.errors import KafkaError
    from kafka.producer import KafkaProducer

    workarounds.quiet()
    settings = _settings(config)
    workarounds.first_answer(settings, end)
    if config.create_topic:
        create_topic(config, end)
    clients = workarounds.Clients()
    # Given up a little before `end`, so that the reason can still be told.
    settings["bootstrap_timeout_ms"] = int((end - time.monotonic()) * 900)
    try:
        producer = KafkaProducer(**{**settings, "kafka_client": clients, **config.producer})
    except BaseException as exc:
        clients.close()
        if isinstance(exc, ValueError):
            raise ConfigurationError(f"producer: {_without_values(exc, config)}") from exc
        if isinstance(exc, KafkaError):
            raise KafkaUnavailable(f"{exc}{clients.reason()}") from exc
        raise
    return _Connected(producer, clients)


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
