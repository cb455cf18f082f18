"""A Kafka producer that is built when it is needed, and which survives forks."""

import logging
import os
import threading
import time
from typing import Any

from openlineage_avro.config import AvroKafkaConfig
from openlineage_avro.errors import ConfigurationError, MessageTooLarge

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
        """Remember the settings; nothing is imported or connected before the first `send`."""
        self._config = config
        self._process = _Process()

    def send(self, key: bytes, value: bytes, end: float) -> None:
        """Send one record and wait for its acknowledgement by all in-sync replicas.

        Gives up at `end`, of time.monotonic(), with kafka-python's error. Raises MessageTooLarge
        when the broker or the topic does not take a record of this size.
        """
        try:
            self._send(key, value, end)
        except MessageTooLarge:
            raise
        except Exception:
            if time.monotonic() >= end:
                raise
            # Another thread's event may have broken the producer they shared. Should this one
            # have arrived all the same, the consumer stores it once.
            self._send(key, value, end)

    def close(self, timeout: float) -> bool:
        """Close the producer, waiting at most `timeout` seconds (negative: as long as it takes)."""
        process = self._of_this_process()
        # Whoever holds the lock is building the producer, for an event that is not sent yet.
        if not process.lock.acquire(timeout=timeout if timeout >= 0 else -1):
            return False
        producer, process.producer = process.producer, None
        process.lock.release()
        return producer is None or _close(producer, None if timeout < 0 else timeout)

    def _send(self, key: bytes, value: bytes, end: float) -> None:
        producer = self._built(end)
        from kafka.errors import MessageSizeTooLargeError

        try:
            future = producer.send(self._config.topic, key=key, value=value)
            future.get(timeout=max(0.0, end - time.monotonic()))
        except MessageSizeTooLargeError as exc:
            self._discard(producer)
            size = len(value)
            # The producer fails whatever else it holds with this error, small records, too.
            if size < SURELY_SMALL:
                raise
            raise MessageTooLarge(f"Kafka does not take an event of {size} bytes") from exc
        except Exception:
            self._discard(producer)
            raise

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
                process.producer = _build(self._config)
            return process.producer
        finally:
            process.lock.release()

    def _of_this_process(self) -> "_Process":
        if self._process.pid != os.getpid():
            _left_behind.append(self._process)
            self._process = _Process()
        return self._process


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


def _build(config: AvroKafkaConfig) -> Any:
    from kafka import KafkaProducer
    from kafka.net.compat import KafkaNetClient

    kafka_log = logging.getLogger("kafka")
    if kafka_log.level == logging.NOTSET:
        # Otherwise every task log gets a dozen lines about connections.
        kafka_log.setLevel(logging.CRITICAL)
    clients: list[KafkaNetClient] = []

    def client(**settings: Any) -> KafkaNetClient:
        clients.append(KafkaNetClient(**settings))
        # The producer does not hand its own setting on: without this the first event waits 100 ms
        # between the cluster's metadata and the topic's.
        clients[0].cluster.config["retry_backoff_ms"] = METADATA_PAUSE_MS
        return clients[0]

    try:
        return KafkaProducer(**{**_settings(config), "kafka_client": client, **config.producer})
    except BaseException as exc:
        for made in clients:
            made.close()  # a producer that could not be built leaves its sockets open
        if isinstance(exc, ValueError):
            raise ConfigurationError(f"producer: {_without_values(exc, config)}") from exc
        raise


def _settings(config: AvroKafkaConfig) -> dict[str, Any]:
    milliseconds = int(config.delivery_timeout * 1000)
    return {
        "bootstrap_servers": config.bootstrap_servers.split(","),
        "compression_type": None if config.compression == "none" else config.compression,
        "acks": "all",
        "enable_idempotence": True,
        "allow_auto_create_topics": False,
        "bootstrap_timeout_ms": milliseconds,
        "max_block_ms": milliseconds,
        "delivery_timeout_ms": milliseconds,
        "request_timeout_ms": milliseconds,
        # Of the event before compression; the broker measures it after, so it shall decide.
        "max_request_size": MAX_REQUEST_BYTES,
        "metrics_enabled": False,
    }


def _without_values(exc: Exception, config: AvroKafkaConfig) -> str:
    from kafka import KafkaProducer

    unknown = sorted(set(config.producer) - set(KafkaProducer.DEFAULT_CONFIG))
    if unknown:
        # kafka-python's own message repeats the values, which may be secret.
        return f"expected settings of kafka-python's KafkaProducer, got {', '.join(unknown)}"
    return str(exc)
