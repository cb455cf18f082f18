"""What kafka-python 3.0 keeps to itself or does wrong, met here and nowhere else.

Seen in 3.0.12; pyproject.toml bounds the version. Each entry has a test of the same number in
tests/integration/kafka/test_workarounds.py, which fails once kafka-python does without it.

1. Why a connection failed is kept to itself: a wrong password is told as a bootstrap that took too
   long (kafka/net/manager.py: `bootstrap`). `Clients` listens to its connections.
2. A producer or admin client that cannot be built leaves its sockets open (kafka/producer/kafka.py:
   `__init__` has no clean-up). `Clients` knows what was made, and closes it.
3. A producer's first record waits 100 ms between the cluster's metadata and the topic's: the
   cluster keeps a `retry_backoff_ms` of its own (kafka/cluster.py: `ttl`), which the producer does
   not set. `Clients` sets it.
4. Where every server refuses the connection, it goes on asking until its time is over, so nobody
   is told that nothing listens (kafka/net/manager.py: `bootstrap`). `first_answer` asks before.
5. Passwords stand in what it logs: of its settings (their reprs), and of each connection's bytes at
   level DEBUG (kafka/net/connection.py, kafka/protocol/parser.py). `Hidden`, `without_passwords`.
6. It logs a dozen lines about connections for each producer, warnings among them, into a task's own
   log. `quiet`.
7. A producer that was built before a fork waits a second in its destructor, in the child, for
   records that only the parent can send (kafka/producer/kafka.py: `__del__`). `leave_behind`.
8. `KafkaProducer.close` with records that cannot be sent raises, and leaves its thread running
   (kafka/producer/kafka.py: `close` calls `flush` first). `close_producer`.
9. A topic that is not there is told as metadata that did not come in time (kafka/producer/kafka.py:
   `_wait_on_metadata`). `Clients.explained` knows that they came, without the topic.
10. How long `KafkaProducer.send` may wait for metadata is said once for all calls (`max_block_ms`).
   `wait_no_longer_than` says it for the next.
11. The functions that write and read each message are generated when it is first used, 2 to 9 ms
    each (kafka/protocol/schemas/fields/struct.py: `compiled_encode_into`), anew in every fork.
    `compile_messages` has it done before the fork.
"""

import logging
import socket
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

FIRST_METADATA_PAUSE_MS, METADATA_PAUSE_MS = 5, 100
ANSWERED_SECONDS = 1.0  # so long ago at most has a Kafka that answers sent its metadata
REMEMBERED = 20
# How much a failure tells.
OUT_OF_TIME, DISCONNECTED, NO_CONNECTION, REFUSED = range(4)
SHORTEST_SECONDS = 0.01
LOG_BYTES = ("kafka.protocol.parser", "kafka.net.connection")
# The servers cannot be reached directly where one of these settings is given.
PROXIES = {"proxy_url", "socks5_proxy"}


class Clients:
    """Stands in for kafka-python's class of network clients, as setting `kafka_client` (1-3, 9)."""

    def __init__(self) -> None:
        """Start with no client."""
        self.made: list[Any] = []
        self._logs_in = False
        self._failures: deque[BaseException] = deque(maxlen=REMEMBERED)
        self._answers: deque[float] = deque(maxlen=2)

    def __call__(self, **settings: Any) -> Any:
        """Return a new client."""
        from kafka.net.compat import KafkaNetClient

        client = KafkaNetClient(**settings)
        client.cluster.config["retry_backoff_ms"] = FIRST_METADATA_PAUSE_MS
        client.cluster.add_listener(self._note_answer)
        self._logs_in = str(settings.get("security_protocol")).startswith("SASL")
        self.made.append(client)
        self._watch(client._manager)
        return client

    def close(self) -> None:
        """Close every client, with its sockets and threads."""
        for client in self.made:
            client.close()

    def reason(self) -> str:
        """Return why connections failed, as ` (Error: text)`; empty if none did.

        Of several failures the most telling counts: a broker may close the line before its answer
        is read, and when the time is over every attempt fails of that.
        """
        if not self._failures:
            return ""
        failure = max(reversed(self._failures), key=_telling)
        name, text = type(failure).__name__, str(failure)
        if self._logs_in and _telling(failure) == DISCONNECTED:
            # kafka-python drops an answer that it reads together with the end of the line.
            text += "; perhaps the login was refused"
        return f" ({text})" if name in text else f" ({name}: {text})"

    def explained(self, error: Exception, topic: str) -> Exception:
        """Return the error, or that the topic is missing if that is what it comes of (9)."""
        from kafka.errors import KafkaTimeoutError, UnknownTopicOrPartitionError

        just_now = time.monotonic() - ANSWERED_SECONDS
        if not isinstance(error, KafkaTimeoutError) or not any(
            at > just_now for at in self._answers
        ):
            return error
        known = any(client.cluster.partitions_for_topic(topic) for client in self.made)
        missing: Exception = UnknownTopicOrPartitionError(topic)
        return error if known else missing

    def _note_answer(self, cluster: Any) -> None:
        self._answers.append(time.monotonic())
        if len(self._answers) > 1:  # of the cluster, then of the topic: the first event has gone on
            cluster.config["retry_backoff_ms"] = METADATA_PAUSE_MS

    def _watch(self, manager: Any) -> None:
        connect = manager.get_connection

        def get_connection(*arguments: Any, **named: Any) -> Any:
            connection = connect(*arguments, **named)
            connection.close_future.add_errback(self._failures.append)
            return connection

        manager.get_connection = get_connection


def _telling(failure: BaseException) -> int:
    from kafka.errors import KafkaConnectionError, KafkaTimeoutError, RequestTimedOutError

    if isinstance(failure, (KafkaTimeoutError, RequestTimedOutError)):
        return OUT_OF_TIME
    if not isinstance(failure, KafkaConnectionError):
        return REFUSED
    return DISCONNECTED if "socket disconnected" in str(failure) else NO_CONNECTION


def first_answer(settings: Mapping[str, Any], end: float) -> None:
    """Raise OSError unless one of the servers accepts a connection until `end` (4).

    settings: kafka-python's; `end` is of time.monotonic().
    """
    if PROXIES.intersection(settings):
        return
    servers: Sequence[str] = settings["bootstrap_servers"]
    error: OSError | None = None
    for number, server in enumerate(servers):
        left = max(SHORTEST_SECONDS, end - time.monotonic())
        error = connection_error(server, left / (len(servers) - number))
        if error is None:
            return
    raise error or TimeoutError("no server is given")


def connection_error(server: str, seconds: float) -> OSError | None:
    """Return what goes wrong when `host:port` is connected to; None if nothing does."""
    host, _, port = server.strip().rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), seconds).close()
    except OSError as exc:
        return type(exc)(f"{server}: {exc}")
    return None


class Hidden(str):
    """Text whose repr does not show it (5)."""

    def __repr__(self) -> str:
        """Return the same for every text."""
        return "'***'"


def without_passwords(settings: dict[str, Any]) -> dict[str, Any]:
    """Return the settings such that kafka-python logs no password of theirs (5)."""
    if str(settings["security_protocol"]).startswith("SASL"):
        for name in LOG_BYTES:
            logging.getLogger(name).addFilter(_no_bytes)
    return {
        name: Hidden(value) if "password" in name and isinstance(value, str) else value
        for name, value in settings.items()
    }


def _no_bytes(record: logging.LogRecord) -> bool:
    """Tell whether a log record is free of what goes over the wire."""
    return record.levelno > logging.DEBUG


def quiet() -> None:
    """Let kafka-python log nothing but what is critical, unless a level was chosen for it (6)."""
    log = logging.getLogger("kafka")
    if log.level == logging.NOTSET:
        log.setLevel(logging.CRITICAL)


# What a producer says to a Kafka of version 2.8 or later, up to 4.2; to others, other versions of
# the same, which are compiled when they are used.
MESSAGES = {"ApiVersions": 4, "Metadata": 13, "Produce": 9}


def compile_messages() -> None:
    """Have the functions for a producer's messages made now (11)."""
    from kafka.protocol import metadata, producer

    for name, version in MESSAGES.items():
        module = producer if name == "Produce" else metadata
        request, response = (getattr(module, f"{name}{kind}") for kind in ("Request", "Response"))
        compact = request.flexible_version_q(version)
        request._struct.compiled_encode_into(version, compact=compact, tagged=compact)
        compact = response.flexible_version_q(version)
        response._struct.compiled_decode_from(
            version, compact=compact, tagged=compact, data_class=response[None]
        )


def wait_no_longer_than(producer: Any, end: float) -> None:
    """Have the next `send` wait for metadata until `end`, of time.monotonic() (10)."""
    producer.config["max_block_ms"] = max(0, int((end - time.monotonic()) * 1000))


# Never collected, so that no destructor runs.
_left_behind: list[Any] = []


def leave_behind(producer: Any) -> None:
    """Keep a producer of the parent process from being collected in its child (7)."""
    _left_behind.append(producer)


def close_producer(producer: Any, seconds: float | None) -> bool:
    """Close a KafkaProducer; False if it still held records after `seconds` (8)."""
    from kafka.errors import KafkaError

    try:
        producer.close(seconds)
    except KafkaError:
        return False
    return True


def close_in_background(producer: Any, seconds: float) -> None:
    """Close a KafkaProducer whose records have failed, when the last of them has expired (8).

    seconds: its delivery timeout and a little more; nobody waits for that.
    """
    threading.Thread(
        target=close_producer,
        args=(producer, seconds),
        name="openlineage-avro-close",
        daemon=True,
    ).start()
