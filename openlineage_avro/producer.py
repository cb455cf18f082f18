"""A Kafka producer whose every call ends within a deadline, and which survives forks."""

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from openlineage_avro.config import AvroKafkaConfig
from openlineage_avro.errors import ConfigurationError, DeliveryError

log = logging.getLogger(__name__)
METADATA_PAUSE_MS = 5

# Producers built before a fork: never used in the child and never collected there, because their
# destructor would wait for a thread that exists only in the parent.
_left_behind: list[Any] = []


class BoundedProducer:
    """One lazily built KafkaProducer per process, shared by its threads."""

    def __init__(self, config: AvroKafkaConfig) -> None:
        """Remember the settings; nothing is imported or connected before the first `send`."""
        self._config = config
        self._process = _Process()

    def send(self, key: bytes, value: bytes) -> None:
        """Send one record and wait for its acknowledgement by all in-sync replicas.

        Raises DeliveryError when `delivery_timeout` seconds pass first, or Kafka refuses.
        """
        seconds = self._config.delivery_timeout
        end = time.monotonic() + seconds
        # Name resolution cannot be interrupted, so all of it happens in a thread we can leave.
        work = _Work(lambda: self._send(key, value, end))
        try:
            sent = work.wait(seconds)
        except ConfigurationError:
            raise
        except Exception as exc:
            raise DeliveryError(f"{self._where()}: {type(exc).__name__}: {exc}") from exc
        if not sent:
            raise DeliveryError(f"{self._where()}: not acknowledged within {seconds:g} s")

    def close(self, timeout: float) -> bool:
        """Close the producer, waiting at most `timeout` seconds (negative: as long as it takes)."""
        process = self._of_this_process()
        # Whoever holds the lock is building the producer, for an event that is not sent yet.
        if not process.lock.acquire(timeout=timeout if timeout >= 0 else -1):
            return False
        producer, process.producer = process.producer, None
        process.lock.release()
        if producer is not None:
            producer.close(None if timeout < 0 else timeout)
        return True

    def _send(self, key: bytes, value: bytes, end: float) -> None:
        producer = self._built(end)
        future = producer.send(self._config.topic, key=key, value=value)
        future.get(timeout=max(0.0, end - time.monotonic()))

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

    def _where(self) -> str:
        return f"topic {self._config.topic} on {self._config.bootstrap_servers}"


class _Process:
    """What belongs to one process: a lock that no other thread holds after a fork."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.lock = threading.Lock()
        self.producer: Any = None


class _Work:
    """A call in a daemon thread of its own."""

    def __init__(self, call: Callable[[], object]) -> None:
        self._call = call
        self._done = threading.Event()
        self._error: BaseException | None = None
        threading.Thread(target=self._run, name="openlineage-avro-send", daemon=True).start()

    def _run(self) -> None:
        try:
            self._call()
        except BaseException as exc:
            self._error = exc
        self._done.set()

    def wait(self, seconds: float) -> bool:
        """Tell whether the call ended in time; raise what it raised."""
        if not self._done.wait(seconds):
            return False
        if self._error is not None:
            raise self._error
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
        "metrics_enabled": False,
    }


def _without_values(exc: Exception, config: AvroKafkaConfig) -> str:
    from kafka import KafkaProducer

    unknown = sorted(set(config.producer) - set(KafkaProducer.DEFAULT_CONFIG))
    if unknown:
        # kafka-python's own message repeats the values, which may be secret.
        return f"expected settings of kafka-python's KafkaProducer, got {', '.join(unknown)}"
    return str(exc)
