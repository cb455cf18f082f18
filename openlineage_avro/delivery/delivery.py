"""Brings a record to Kafka or, where Kafka fails, to the spool; drains what waits there."""

from __future__ import annotations

import logging
import os
import socket
import time
import uuid
from typing import TYPE_CHECKING

from openlineage_avro.codec.codec import decode
from openlineage_avro.deadline import within
from openlineage_avro.delivery.counters import METRICS
from openlineage_avro.delivery.spool import Spool, Ticket, Way
from openlineage_avro.errors import (
    ConfigurationError,
    DecodeError,
    DeliveryError,
    EncodeError,
    MessageTooLarge,
    SpoolError,
)
from openlineage_avro.kafka.producer import Producer
from openlineage_avro.kafka.settings import kafka_settings
from openlineage_avro.record.record import record_of
from openlineage_avro.record.truncation import fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openlineage_avro.config.settings import AvroKafkaConfig
    from openlineage_avro.delivery.spool import Waiting
    from openlineage_avro.record.record import Record

log = logging.getLogger(__name__)

# Bytes that an event is cut to when the broker refuses it whole, tried in this order: Kafka's
# default limit is 1 MiB of the compressed batch, but a topic may have a lower one.
LIMITS = (1_000_000, 250_000, 60_000)
# Parts of delivery_timeout: to note a failure in the spool, and to drain it at one event.
TO_NOTE, TO_DRAIN = 1 / 8, 1 / 4
# No other try will do better with the same record.
REFUSALS = (MessageTooLarge, EncodeError, DecodeError)
PROXIES = {"proxy_url", "socks5_proxy"}  # the servers cannot be reached directly
FIRST_PROBE_SECONDS = 0.5
LEASE_MARGIN_SECONDS = 1.0


class Delivery:
    """The way of records to one Kafka, with a spool beside it."""

    def __init__(self, config: AvroKafkaConfig) -> None:
        """Take checked settings; neither Kafka nor the spool is touched before the first record."""
        self._config = config
        self._producer = Producer(config)
        self.spool = Spool.of(config)
        self.place = f"topic {config.topic} on {config.bootstrap_servers}"
        self._warned_in: int | None = None  # the process

    def deliver(self, record: Record) -> None:
        """Send a record within `delivery_timeout`, or keep it; raise DeliveryError if neither.

        A wrong setting is a ConfigurationError, unless the record could be kept.
        """
        end = time.monotonic() + self._config.delivery_timeout
        ticket = self._admitted(record)
        if ticket.way is Way.WAIT:
            self._keep(ticket, TimeoutError(f"not tried again yet after: {ticket.failure}"))
            return
        try:
            self._try(record, ticket, self._seconds(ticket, end))
        except Exception as exc:
            self._note_failed(ticket, exc)
            self._keep(ticket, exc)

    def drain(self, seconds: float) -> int:
        """Send what waits, in order, for `seconds` at most; return how many records that were.

        Returns at once if another process is draining: it sees to everything that waits. Raises
        what kept Kafka from taking the first record not sent.
        """
        spool, end, drained = self.spool, time.monotonic() + seconds, 0
        holder = uuid.uuid4().hex
        while spool is not None and spool.lease(holder, seconds + LEASE_MARGIN_SECONDS):
            try:
                self._drop_expired(spool)
                while time.monotonic() < end and (batch := spool.batch()):
                    drained += self._send_batch(spool, batch, end - time.monotonic())
            finally:
                spool.release(holder)
            # What came between the last look and the release was left to us.
            if time.monotonic() >= end or not spool.anything_waits():
                break
        return drained

    def close(self, timeout: float) -> bool:
        """Close producer and spool; False if records were still on their way at `timeout` (s)."""
        closed = self._producer.close(timeout)
        if self.spool is not None:
            self.spool.close()
        return closed

    def _admitted(self, record: Record) -> Ticket:
        if self.spool is None:
            return Ticket(Way.SEND, None)
        try:
            ticket = self.spool.admit(record, self._config.delivery_timeout)
        except SpoolError as exc:
            ticket = Ticket(Way.SEND, None, error=exc)
        if ticket.error is not None:
            self._warn("Events cannot be kept on disk should Kafka fail: %s", ticket.error)
        return ticket

    def _try(self, record: Record, ticket: Ticket, seconds: float) -> None:
        if ticket.way is Way.PROBE:
            _expect_answer(self._config, seconds)
        if ticket.way is Way.SEND or ticket.number is None:
            self._send(record, seconds)
            METRICS.count("sent")
            self._note_sent(ticket)
        if ticket.way is not Way.SEND:
            self._drain_beside(ticket, seconds)

    def _drain_beside(self, ticket: Ticket, seconds: float) -> None:
        try:
            self.drain(seconds)
        except Exception as exc:
            if ticket.number is not None:
                raise
            log.debug("The event was sent, but what waits was not: %s", exc)

    def _seconds(self, ticket: Ticket, end: float) -> float:
        """Return how long Kafka is waited for: the less, the less it is expected to answer."""
        timeout = self._config.delivery_timeout
        left = end - timeout * TO_NOTE - time.monotonic()
        if ticket.way is Way.SEND:
            return left
        if ticket.way is Way.DRAIN:
            return min(left, timeout * TO_DRAIN)
        return min(left, FIRST_PROBE_SECONDS * 2.0 ** min(ticket.failures - 1, 10))

    def _send(self, record: Record, seconds: float) -> None:
        within(seconds, lambda end: self._send_fitting(record, end))

    def _send_fitting(self, record: Record, end: float) -> None:
        """Send a record; if the broker does not take one of its size, cut to what it takes."""
        try:
            return self._producer.send(record, end)
        except MessageTooLarge as exc:
            too_large = exc
        event = decode(record.value)
        for limit in LIMITS:
            log.warning("%s; sending it again, cut to %d bytes", too_large, limit)
            try:
                return self._producer.send(record_of(fit(event, limit), self._config), end)
            except MessageTooLarge as exc:
                too_large = exc
        raise too_large

    def _send_batch(self, spool: Spool, batch: Sequence[Waiting], seconds: float) -> int:
        """Send records that wait; return how many went, raise what went wrong with the first."""
        records = [each.record for each in batch]
        errors = within(seconds, lambda end: self._producer.send_all(records, end))
        results = list(zip(batch, errors, strict=True))
        numbers = [each.number for each, error in results if error is None]
        spool.sent(numbers, recovered=bool(numbers))
        METRICS.count("drained", len(numbers))
        for each, error in results:
            if isinstance(error, MessageTooLarge):
                return len(numbers) + self._send_cut(spool, each, seconds)
            if error is not None:
                raise error
        return len(numbers)

    def _send_cut(self, spool: Spool, waiting: Waiting, seconds: float) -> int:
        try:
            self._send(waiting.record, seconds)
        except REFUSALS as exc:
            log.error("Record %d of %s is put aside: %s", waiting.number, spool.folder, exc)
            spool.refuse(waiting.number, str(exc))
            return 0
        spool.sent([waiting.number], recovered=True)
        METRICS.count("drained")
        return 1

    def _drop_expired(self, spool: Spool) -> None:
        dropped = spool.drop_expired()
        METRICS.count("dropped", dropped)
        if dropped:
            age = self._config.spool_max_age
            log.error("%d records in %s were older than %s s: dropped", dropped, spool.folder, age)

    def _note_sent(self, ticket: Ticket) -> None:
        if self.spool is None:
            return
        numbers = [] if ticket.number is None else [ticket.number]
        try:
            self.spool.sent(numbers, recovered=ticket.failures > 0)
        except SpoolError as exc:
            # It will be sent once more; the consumer stores it once.
            log.debug("A record that was sent stays in the spool: %s", exc)

    def _note_failed(self, ticket: Ticket, exc: Exception) -> None:
        """Tell the other processes of this host; if that fails, they find out by themselves."""
        if self.spool is None or isinstance(exc, SpoolError):
            return
        try:
            if not isinstance(exc, REFUSALS):
                # To be refused a connection costs no time: it may be tried as often again.
                more = 0 if ticket.failures and isinstance(exc, ConnectionRefusedError) else 1
                self.spool.failed(ticket.number, ticket.failures + more, _text(exc))
            elif ticket.number is not None:
                self.spool.refuse(ticket.number, _text(exc))
        except SpoolError as error:
            log.debug("A failure could not be noted: %s", error)

    def _keep(self, ticket: Ticket, exc: Exception) -> None:
        """Leave the event in the spool; raise if it is not there, or Kafka will never take it."""
        if ticket.number is not None and not isinstance(exc, REFUSALS):
            METRICS.count("spooled")
            folder = self.spool.folder if self.spool else None
            self._warn("Kafka has not taken an event: %s. It waits in %s", _text(exc), folder)
            return
        METRICS.count("failed")
        if isinstance(exc, ConfigurationError):
            raise exc
        kept = ticket.error or ("put aside" if ticket.number is not None else "off")
        raise DeliveryError(f"{self.place}: {_text(exc)}; spool: {kept}") from exc

    def _warn(self, message: str, *values: object) -> None:
        """Warn once per process; what repeats is for those who look for it."""
        log.log(
            logging.DEBUG if self._warned_in == os.getpid() else logging.WARNING, message, *values
        )
        self._warned_in = os.getpid()


def _text(exc: Exception) -> str:
    return f"{type(exc).__name__}: {exc}"


def _expect_answer(config: AvroKafkaConfig, seconds: float) -> None:
    """Raise OSError or TimeoutError unless a server accepts a connection.

    kafka-python waits for as long as it may when all of them refuse one.
    """
    servers = kafka_settings(config)["bootstrap_servers"]
    if PROXIES.intersection(config.producer):
        return
    within(seconds, lambda end: _connect_to_any(servers, end))


def _connect_to_any(servers: Sequence[str], end: float) -> None:
    error: OSError | None = None
    for number, server in enumerate(servers):
        host, _, port = server.strip().rpartition(":")
        left = max(0.01, end - time.monotonic())
        try:
            address = (host.strip("[]"), int(port))
            socket.create_connection(address, left / (len(servers) - number)).close()
        except OSError as exc:
            error = exc
        else:
            return
    raise error or TimeoutError("no server is given")
