"""Sends records with kafka-python, whose every setting may be given; survives forks.

Used where the settings ask for what producer.py does not know.
"""

import logging
import os
import threading
import time
from collections.abc import Sequence
from typing import Any

from openlineage_avro.config.settings import AvroKafkaConfig
from openlineage_avro.errors import ConfigurationError, DeliveryError, MessageTooLarge
from openlineage_avro.kafka.clients import KafkaClients
from openlineage_avro.kafka.settings import kafka_settings
from openlineage_avro.kafka.topic import create_topic
from openlineage_avro.record.record import Record, framed
from openlineage_avro.schema_registry import RegisteredSchema

log = logging.getLogger(__name__)
METADATA_PAUSE_MS = 5
MAX_REQUEST_BYTES = 100_000_000  # the broker's own limit, socket.request.max.bytes

SURELY_SMALL = 10_000  # bytes; no topic has a limit as low

# Producers built before a fork: never used in the child and never collected there, because their
# destructor would wait for a thread that exists only in the parent.
_left_behind: list[Any] = []


class Producer:
    """One lazily built KafkaProducer per process, shared by its threads."""

    def __init__(self, config: AvroKafkaConfig) -> None:
        """Remember the settings; nothing is connected before the first `send`."""
        # Imported now, for the first event shall not pay for it.
        import kafka.producer  # noqa: F401

        self._config = config
        self._registered = RegisteredSchema.of(config)
        self._process = _Process()

    def send(self, record: Record, end: float) -> None:
        """Send one record and wait for its acknowledgement by all in-sync replicas.

        Gives up at `end`, of time.monotonic(), with kafka-python's error; DeliveryError with the
        reason if no broker let us in. Raises MessageTooLarge when the broker or the topic does not
        take a record of this size.
        """
        [error] = self.send_all([record], end)
        if error is None:
            return
        # The last two come of building a producer: another try at once would do no better.
        final = (MessageTooLarge, ConfigurationError, DeliveryError)
        if isinstance(error, final) or time.monotonic() >= end:
            raise error
        # Another thread's event may have broken the producer they shared. Should this one have
        # arrived all the same, the consumer stores it once.
        [error] = self.send_all([record], end)
        if error is not None:
            raise error

    def send_all(self, records: Sequence[Record], end: float) -> list[Exception | None]:
        """Send records in their order and wait until `end`; return what went wrong with each.

        None stands for an acknowledged record. One failure may cause those of later records.
        """
        try:
            producer = self._built(end)
        except Exception as exc:
            return [exc] * len(records)
        errors = self._outcomes(producer, records, end)
        if any(errors):
            self._discard(producer)
        return errors

    def close(self, timeout: float) -> bool:
        """Close the producer, waiting at most `timeout` seconds (negative: as long as it takes)."""
        process = self._of_this_process()
        # Whoever holds the lock is building the producer, for an event that is not sent yet.
        if not process.lock.acquire(timeout=timeout if timeout >= 0 else -1):
            return False
        producer, process.producer = process.producer, None
        process.lock.release()
        return producer is None or _close(producer, None if timeout < 0 else timeout)

    def _outcomes(
        self, producer: Any, records: Sequence[Record], end: float
    ) -> list[Exception | None]:
        futures: list[Any] = []
        stopped: Exception | None = None
        for record in records:
            try:
                value = framed(record, self._registered, end)
                headers = list(record.headers)
                futures.append(producer.send(record.topic, value, record.key, headers))
            except Exception as exc:  # such as a topic without metadata
                stopped = _explained(exc, record)
                break
        sent = zip(records[: len(futures)], futures, strict=True)
        errors = [_outcome(future, record, end) for record, future in sent]
        return errors + [stopped] * (len(records) - len(futures))

    def _discard(self, producer: Any) -> None:
        """Have the next event sent by a new producer.

        kafka-python's idempotent producer takes some refusals for fatal (a record too large is
        one) and then fails every later record, too.
        """
        with self._process.lock:
            if self._process.producer is producer:
                self._process.producer = None
        # What it still holds expires within its delivery timeout; nobody waits for that.
        seconds = 2 * self._config.delivery_timeout
        threading.Thread(
            target=_close, args=(producer, seconds), name="openlineage-avro-close", daemon=True
        ).start()

    def _built(self, end: float) -> Any:
        process = self._of_this_process()
        if not process.lock.acquire(timeout=max(0.0, end - time.monotonic())):
            raise TimeoutError("another event's connection is still being made")
        try:
            if process.producer is None:
                process.producer = _build(self._config, end)
            return process.producer
        finally:
            process.lock.release()

    def _of_this_process(self) -> "_Process":
        if self._process.pid != os.getpid():
            _left_behind.append(self._process)
            self._process = _Process()
        return self._process


def _outcome(future: Any, record: Record, end: float) -> Exception | None:
    try:
        future.get(timeout=max(0.0, end - time.monotonic()))
    except Exception as exc:
        return _explained(exc, record)
    return None


def _explained(exc: Exception, record: Record) -> Exception:
    from kafka.errors import MessageSizeTooLargeError

    size = len(record.value)
    # The producer fails whatever else it holds with this error, small records, too.
    if not isinstance(exc, MessageSizeTooLargeError) or size < SURELY_SMALL:
        return exc
    explained = MessageTooLarge(f"Kafka does not take an event of {size} bytes")
    explained.__cause__ = exc
    return explained


class _Process:
    """What belongs to one process: a lock that no other thread holds after a fork."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.lock = threading.Lock()
        self.producer: Any = None


def _close(producer: Any, seconds: float | None) -> bool:
    """Close a KafkaProducer; False if it still held records after `seconds`."""
    from kafka.errors import KafkaError

    try:
        producer.close(seconds)
    except KafkaError:
        return False
    return True


def _build(config: AvroKafkaConfig, end: float) -> Any:
    from kafka.errors import KafkaError
    from kafka.producer import KafkaProducer

    kafka_log = logging.getLogger("kafka")
    if kafka_log.level == logging.NOTSET:
        # Otherwise every task log gets a dozen lines about connections.
        kafka_log.setLevel(logging.CRITICAL)
    if config.create_topic:
        create_topic(config, end)
    clients = KafkaClients()

    def client(**settings: Any) -> Any:
        made = clients(**settings)
        # The producer does not hand its own setting on: without this the first event waits 100 ms
        # between the cluster's metadata and the topic's.
        made.cluster.config["retry_backoff_ms"] = METADATA_PAUSE_MS
        return made

    # Given up a little before `end`, so that the reason can still be told.
    settings = {**_settings(config), "bootstrap_timeout_ms": int((end - time.monotonic()) * 900)}
    try:
        return KafkaProducer(**{**settings, "kafka_client": client, **config.producer})
    except BaseException as exc:
        clients.close()
        if isinstance(exc, ValueError):
            raise ConfigurationError(f"producer: {_without_values(exc, config)}") from exc
        if isinstance(exc, KafkaError):
            raise DeliveryError(f"{exc}{clients.reason()}") from exc
        raise


def _settings(config: AvroKafkaConfig) -> dict[str, Any]:
    milliseconds = int(config.delivery_timeout * 1000)
    return {
        **kafka_settings(config),
        "compression_type": None if config.compression == "none" else config.compression,
        "acks": "all",
        "enable_idempotence": True,
        "allow_auto_create_topics": False,
        "max_block_ms": milliseconds,
        "delivery_timeout_ms": milliseconds,
        "request_timeout_ms": milliseconds,
        # Of the event before compression; the broker measures it after, so it shall decide.
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
