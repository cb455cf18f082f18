"""Sends records with kafka-python: one connection a process, shared by its threads."""

import os
import threading
import time
from collections.abc import Sequence

from openlineage_avro.config.settings import AvroKafkaConfig
from openlineage_avro.errors import MessageTooLarge, RegistryRefused, RegistryUnavailable
from openlineage_avro.kafka import workarounds
from openlineage_avro.kafka.connection import Connection
from openlineage_avro.record.record import Record
from openlineage_avro.schema_registry import RegisteredSchema

# What says nothing against the connection: others may be using it.
NOT_OF_CONNECTION = (MessageTooLarge, RegistryUnavailable, RegistryRefused)


def prepare(completely: bool = False) -> None:
    """Import kafka-python, which takes longer than to send an event.

    completely: and have it make what it makes with its first requests, for processes that fork.
    """
    import kafka.producer  # noqa: F401

    if completely:
        workarounds.compile_messages()


class Producer:
    """Connects with the first record, and anew after a failure or a fork."""

    def __init__(self, config: AvroKafkaConfig) -> None:
        """Remember the settings; nothing is connected before the first record."""
        prepare()  # now, so that the first event need not wait for it
        self._config = config
        self._registered = RegisteredSchema.of(config)
        self._process = _Process()

    def send(self, record: Record, end: float, connection: Connection | None = None) -> None:
        """Send one record and wait for its acknowledgement by all in-sync replicas.

        Gives up at `end`, of time.monotonic(). Raises MessageTooLarge when the broker or the topic
        does not take a record of this size, KafkaUnavailable or OSError when no broker could be
        used, RegistryUnavailable or RegistryRefused, and kafka-python's error for anything else.
        """
        [error] = self.send_all([record], end, connection)
        if error is not None:
            raise error

    def send_all(
        self, records: Sequence[Record], end: float, connection: Connection | None = None
    ) -> list[Exception | None]:
        """Send records in their order and wait until `end`; return what went wrong with each.

        None stands for an acknowledged record. One failure may cause those of later records.
        `connection`: what `ready` gave; else one is made if there is none.
        """
        try:
            connection = connection or self._connection(end)
        except Exception as exc:
            return [exc] * len(records)
        errors = connection.send_all(records, end)
        if any(error and not isinstance(error, NOT_OF_CONNECTION) for error in errors):
            self._discard(connection)
        return errors

    def ready(self) -> Connection | None:
        """Return the connection if there is one over which sending ends by itself, in time.

        To connect may take longer (names are looked up), and so may asking a registry.
        """
        return None if self._registered else self._of_this_process().connection

    def close(self, timeout: float) -> bool:
        """Close the connection, in at most `timeout` seconds (negative: as long as it takes)."""
        process = self._of_this_process()
        # Whoever holds the lock is connecting, for an event that is not sent yet.
        if not process.lock.acquire(timeout=timeout if timeout >= 0 else -1):
            return False
        connection, process.connection = process.connection, None
        process.lock.release()
        return connection is None or connection.close(None if timeout < 0 else timeout)

    def _discard(self, connection: Connection) -> None:
        """Have the next record sent by a new producer, which has nothing left to try again."""
        with self._process.lock:
            if self._process.connection is connection:
                self._process.connection = None
        connection.close_in_background(2 * self._config.delivery_timeout)

    def _connection(self, end: float) -> Connection:
        process = self._of_this_process()
        if not process.lock.acquire(timeout=max(0.0, end - time.monotonic())):
            raise TimeoutError("another event's connection is still being made")
        try:
            if process.connection is None:
                process.connection = Connection(self._config, self._registered, end)
            return process.connection
        finally:
            process.lock.release()

    def _of_this_process(self) -> "_Process":
        if self._process.pid != os.getpid():
            workarounds.leave_behind(self._process)
            self._process = _Process()
        return self._process


class _Process:
    """What belongs to one process: a lock that no other thread holds after a fork."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.lock = threading.Lock()
        self.connection: Connection | None = None
