"""Kafka-python's network clients, with what it keeps to itself: why a connection failed."""

from collections import deque
from typing import Any

REMEMBERED = 20
# How much a failure tells.
OUT_OF_TIME, DISCONNECTED, NO_CONNECTION, REFUSED = range(4)


class KafkaClients:
    """Stands in for kafka-python's class of network clients, as setting `kafka_client`.

    kafka-python says of a wrong password only that it could not bootstrap in time, and leaves the
    sockets of a producer or admin client open that could not be built.
    """

    def __init__(self) -> None:
        """Start with no client."""
        self.made: list[Any] = []
        self._logs_in = False
        self._failures: deque[BaseException] = deque(maxlen=REMEMBERED)

    def __call__(self, **settings: Any) -> Any:
        """Return a new client."""
        from kafka.net.compat import KafkaNetClient

        client = KafkaNetClient(**settings)
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
