"""Sends records within a deadline, cut to what the broker takes where they are too large."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from openlineage_avro.codec.codec import decode
from openlineage_avro.deadline import within
from openlineage_avro.errors import DecodeError, EncodeError, MessageTooLarge
from openlineage_avro.kafka.producer import Producer
from openlineage_avro.record.record import record_of
from openlineage_avro.record.truncation import truncated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openlineage_avro.config.settings import AvroKafkaConfig
    from openlineage_avro.kafka.connection import Connection
    from openlineage_avro.record.record import Record

    # What is done until `end`, of time.monotonic(), over a connection that is there, or none.
    Use = Callable[[float, Connection | None], Any]

log = logging.getLogger(__name__)

# Bytes that an event is cut to when the broker refuses it whole, tried in this order: Kafka's
# default limit is 1 MiB of the compressed batch, but a topic may have a lower one.
LIMITS = (1_000_000, 250_000, 60_000)
# Another try with the same record gives the same.
PERMANENT = (MessageTooLarge, EncodeError, DecodeError)


class Sender:
    """A producer that nobody waits for longer than is said."""

    def __init__(self, config: AvroKafkaConfig) -> None:
        """Take checked settings; nothing is connected before the first record."""
        self._config = config
        self._producer = Producer(config)

    def send(self, record: Record, seconds: float) -> None:
        """Send a record within `seconds`, or raise what kept it from Kafka.

        One of PERMANENT: the record is too large even when it is cut.
        """
        self._in_time(seconds, lambda end, ready: self._send_fitting(record, end, ready))

    def send_all_fitting(self, records: Sequence[Record], seconds: float) -> list[Exception | None]:
        """Send records in order, then those that are too large again, cut; return as `send_all`."""
        errors: list[Exception | None] = self._in_time(
            seconds, lambda end, ready: self._send_all_fitting(records, end, ready)
        )
        return errors

    def send_all(self, records: Sequence[Record], seconds: float) -> list[Exception | None]:
        """Send records in order; return what kept each of them from Kafka, None for nothing."""
        errors: list[Exception | None] = self._in_time(
            seconds, lambda end, ready: self._producer.send_all(records, end, ready)
        )
        return errors

    def close(self, timeout: float) -> bool:
        """Close the producer; False if records were still on their way at `timeout` (s)."""
        return self._producer.close(timeout)

    def _in_time(self, seconds: float, use: Use) -> Any:
        """Use the connection that is there, or one that is made in a thread to be left behind."""
        if (ready := self._producer.ready()) is not None:
            return use(time.monotonic() + seconds, ready)
        return within(seconds, lambda end: use(end, None))

    def _send_fitting(self, record: Record, end: float, ready: Connection | None) -> None:
        try:
            self._producer.send(record, end, ready)
        except MessageTooLarge as exc:
            self._send_cut(record, end, ready, exc)

    def _send_all_fitting(
        self, records: Sequence[Record], end: float, ready: Connection | None
    ) -> list[Exception | None]:
        errors = self._producer.send_all(records, end, ready)
        for index, error in enumerate(errors):
            if isinstance(error, MessageTooLarge):
                try:
                    self._send_cut(records[index], end, ready, error)
                    errors[index] = None
                except Exception as exc:
                    errors[index] = exc
        return errors

    def _send_cut(
        self, record: Record, end: float, ready: Connection | None, too_large: MessageTooLarge
    ) -> None:
        event = decode(record.value)
        for limit in LIMITS:
            log.warning("%s; sending it again, cut to %d bytes", too_large, limit)
            try:
                self._producer.send(record_of(truncated(event, limit), self._config), end, ready)
            except MessageTooLarge as exc:
                too_large = exc
            else:
                return
        raise too_large
