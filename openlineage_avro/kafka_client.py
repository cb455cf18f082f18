"""Kafka-python's network clients, with what it keeps to itself: why a connection failed."""

from collections import deque
from typing import Any

REMEMBERED = 20


class KafkaClients:
    """Stands in for kafka-python's class of network clients, as setting `kafka_client`.

    kafka-python says of a wrong password only that it could not bootstrap in time, and leaves the
    sockets of a producer or admin client open that could not be built.
    """

    def __init__(self) -> None:
        """Start with no client."""
        self.made: list[Any] = []
        self._failures: deque[BaseException] = deque(maxlen=REMEMBERED)

    def __call__(self, **settings: Any) -> Any:
        """Return a new client."""
        from kafka.net.compat import KafkaNetClient

        client = KafkaNetClient(**settings)
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
        return 0
    if not isinstance(failure, KafkaConnectionError):
        return 3
    return 1 if "socket disconnected" in str(failure) else 2
