"""Sends records to Kafka: two requests on one connection, without a thread of its own.

A task's process sends one or two events and ends. kafka-python's producer takes 100 ms and more to
be imported, and seven requests on two connections until the first record is acknowledged; it is
there (kafka_python_producer.py) for settings that this one does not know.
"""

from __future__ import annotations

import os
import ssl
import threading
import time
from typing import TYPE_CHECKING

from openlineage_avro import kafka_protocol as protocol
from openlineage_avro.create_topic import create_topic
from openlineage_avro.errors import MessageTooLarge
from openlineage_avro.kafka_cluster import Cluster
from openlineage_avro.kafka_connection import MECHANISMS
from openlineage_avro.record import Record, framed
from openlineage_avro.registry import RegisteredSchema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openlineage_avro.config import AvroKafkaConfig

UNKNOWN_TOPIC = 3
TOO_LARGE = {10, 18}  # the record, the batch
# Kafka's codes for a leader that has moved, is being elected, or misses replicas: soon it may do.
RETRIABLE = {2, 3, 5, 6, 7, 8, 9, 13, 19, 20, 56, 72, 74, 75, 76, 78}
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 0.5  # seconds between two tries
UNKNOWN_TOPIC_SECONDS = 1.0  # a topic made just now is not known to every broker at once


class Producer:
    """The connections of one process, shared by its threads, which send one after the other."""

    def __init__(self, config: AvroKafkaConfig) -> None:
        """Remember the settings; nothing is connected before the first record."""
        self._config = config
        self._registered = RegisteredSchema.of(config)
        self._process = _Process()

    @staticmethod
    def can(config: AvroKafkaConfig) -> bool:
        """Tell whether the settings ask for nothing but what this producer knows."""
        return (
            not config.producer
            and config.compression in protocol.CODECS
            and config.sasl_mechanism in (None, *MECHANISMS)
        )

    def send(self, record: Record, end: float) -> None:
        """Send one record and wait for its acknowledgement by all in-sync replicas.

        Tries until `end`, of time.monotonic(), and raises what went wrong last: OSError,
        kafka-python's error for what Kafka said, DeliveryError where we are not let in.
        MessageTooLarge: the broker or the topic does not take a record of this size.
        """
        [error] = self.send_all([record], end)
        if error is not None:
            raise error

    def send_all(self, records: Sequence[Record], end: float) -> list[Exception | None]:
        """Send records of one topic in their order until `end`; return what went wrong with each.

        None stands for an acknowledged record. One failure may cause those of later records.
        """
        process = self._of_this_process()
        if not process.lock.acquire(timeout=max(0.0, end - time.monotonic())):
            return [TimeoutError("another event is still being sent")] * len(records)
        try:
            return self._outcomes(process, records, end)
        except Exception as exc:
            return [exc] * len(records)
        finally:
            process.lock.release()

    def close(self, timeout: float) -> bool:
        """Close the connections; False if one was in use for `timeout` seconds (negative: wait)."""
        process = self._of_this_process()
        if not process.lock.acquire(timeout=timeout if timeout >= 0 else -1):
            return False
        if process.cluster is not None:
            process.cluster.close()
        process.cluster = None
        process.lock.release()
        return True

    def _outcomes(
        self, process: _Process, records: Sequence[Record], end: float
    ) -> list[Exception | None]:
        if process.cluster is None:
            process.cluster = Cluster(self._config, records[0].topic)
        now = int(time.time() * 1000)
        values = [framed(record, self._registered, end) for record in records]
        sending = _Sending(process.cluster, self._config, end)
        outcomes = sending.send(
            {
                number: protocol.Sendable(record.key, value, record.headers, now)
                for number, (record, value) in enumerate(zip(records, values, strict=True))
            }
        )
        return [outcomes[number] for number in range(len(records))]

    def _of_this_process(self) -> _Process:
        if self._process.pid != os.getpid():
            # Our copies of the parent's connections are closed, which does not touch its own.
            self._process = _Process()
        return self._process


class _Process:
    """What belongs to one process: a lock that no other thread holds after a fork."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.lock = threading.Lock()
        self.cluster: Cluster | None = None


class _Sending:
    """The tries of one call."""

    def __init__(self, cluster: Cluster, config: AvroKafkaConfig, end: float) -> None:
        self._cluster, self._config, self._end = cluster, config, end
        self._pause = FIRST_PAUSE
        self._may_create = config.create_topic
        self._unknown_until = time.monotonic() + UNKNOWN_TOPIC_SECONDS

    def send(self, records: dict[int, protocol.Sendable]) -> dict[int, Exception | None]:
        """Return what went wrong with each record when another try is of no use or too late."""
        outcomes: dict[int, Exception | None] = {}
        while True:
            try:
                codes = self._cluster.produce(records, self._end)
            except ssl.SSLError:
                raise  # certificates will not change
            except OSError:
                if not self._wait():
                    raise
                continue
            again = self._sorted(records, codes, outcomes)
            if not again:
                return outcomes
            records = {number: records[number] for number in again}

    def _sorted(
        self,
        records: dict[int, protocol.Sendable],
        codes: dict[int, int],
        outcomes: dict[int, Exception | None],
    ) -> list[int]:
        """Note the outcomes of one try; return the records that are worth another."""
        too_large = [number for number, code in codes.items() if code in TOO_LARGE]
        if len(records) > 1 and too_large:
            for number in too_large:  # the batch was; each record may not be
                outcomes |= self.send({number: records[number]})
        else:
            outcomes |= {number: _too_large(records[number]) for number in too_large}
        again = [number for number, code in codes.items() if code in RETRIABLE]
        unknown = UNKNOWN_TOPIC in codes.values()
        if unknown and self._may_create:
            self._may_create = False
            create_topic(self._config, self._end)
            self._unknown_until = self._end
        if again and not self._wait(unknown):
            outcomes |= {number: _error(codes[number]) for number in again}
            again = []
        final = set(codes) - set(again) - set(outcomes)
        outcomes |= {number: _error(codes[number]) for number in final}
        return again

    def _wait(self, unknown_topic: bool = False) -> bool:
        """Pause before another try; return False if it is too late for one."""
        last = min(self._end, self._unknown_until) if unknown_topic else self._end
        if time.monotonic() + self._pause >= last:
            return False
        time.sleep(self._pause)
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        self._cluster.forget()
        return True


def _too_large(record: protocol.Sendable) -> MessageTooLarge:
    return MessageTooLarge(f"Kafka does not take an event of {len(record.value)} bytes")


def _error(code: int) -> Exception | None:
    if code == 0:
        return None
    from kafka.errors import for_code

    error: Exception = for_code(code)()
    return error
