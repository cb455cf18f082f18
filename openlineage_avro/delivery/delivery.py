"""Brings each event to Kafka or leaves it in the outbox, within a deadline."""

from __future__ import annotations

import logging
import os
import time
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from openlineage_avro.delivery.breaker import CLOSED, Breaker, Permit, State
from openlineage_avro.delivery.counters import METRICS
from openlineage_avro.delivery.drain import Drain
from openlineage_avro.delivery.outbox import Outbox
from openlineage_avro.delivery.sender import PERMANENT, Sender
from openlineage_avro.delivery.spool import Spool
from openlineage_avro.errors import (
    CircuitOpen,
    ConfigurationError,
    EventLost,
    EventRefused,
    OutboxError,
)

if TYPE_CHECKING:
    from openlineage_avro.config.settings import AvroKafkaConfig
    from openlineage_avro.record.record import Record

log = logging.getLogger(__name__)

# Parts of delivery_timeout: to note a failure in the spool, and to drain at one event.
TO_NOTE, TO_DRAIN = 1 / 8, 1 / 4
FIRST_PROBE_SECONDS = 0.5


class Entry(NamedTuple):
    """An event in the outbox; `number` is None if it could not be written: `problem` says why.

    is_behind: others wait before it, so that it is sent by draining.
    """

    permit: Permit
    is_behind: bool = False
    number: int | None = None
    problem: str = "off"


class Delivery:
    """The way of events to one topic: outbox, breaker, sender, and the draining of the outbox."""

    def __init__(self, config: AvroKafkaConfig) -> None:
        """Take checked settings; neither Kafka nor the spool is touched before the first event."""
        self._config = config
        self.destination = f"topic {config.topic} on {config.bootstrap_servers}"
        self._sender = Sender(config)
        self.spool = spool = Spool.of(config)
        if spool is not None:
            self.outbox = Outbox(spool, config.spool_max_bytes, config.spool_max_age)
            self._breaker = Breaker(spool)
            self._drain = Drain(spool, self.outbox, self._breaker, self._sender)
        self._warned_in: int | None = None  # the process

    def deliver(self, record: Record) -> bool:
        """Send a record within `delivery_timeout`, or leave it in the outbox; tell if it was sent.

        Raises EventRefused if Kafka will never take it, EventLost if neither took it in time. A
        wrong setting is a ConfigurationError, unless the record could be kept.
        """
        end = time.monotonic() + self._config.delivery_timeout
        entry = self._written_down(record)
        try:
            return self._attempt(record, entry, end)
        except PERMANENT as exc:
            self._refuse(entry, exc)
        except CircuitOpen as exc:
            self._keep(entry, exc)
        except Exception as exc:
            self._open_breaker(entry, exc)
            self._keep(entry, exc)
        return False

    def drain(self, seconds: float) -> int:
        """Send what waits in the outbox, as Drain.run does; there must be a spool."""
        return self._drain.run(seconds)

    def close(self, timeout: float) -> bool:
        """Close producer and spool; False if records were still on their way at `timeout` (s)."""
        closed = self._sender.close(timeout)
        if self.spool is not None:
            self.spool.close()
        return closed

    def _written_down(self, record: Record) -> Entry:
        """Ask the breaker and write the record into the outbox."""
        if self.spool is None:
            return Entry(CLOSED)
        seconds = self._config.delivery_timeout
        permit, is_behind = CLOSED, False
        try:
            permit = self._breaker.ask(seconds)
            is_behind = permit.state is not State.CLOSED or self.outbox.anything_waits()
            number = self.outbox.add(record, seconds=0 if is_behind else seconds)
        except OutboxError as exc:
            self._warn("Events cannot be kept on disk should Kafka fail: %s", exc)
            return Entry(permit, is_behind, problem=str(exc))
        return Entry(permit, is_behind, number)

    def _attempt(self, record: Record, entry: Entry, end: float) -> bool:
        """Send the record itself, or all that waits if it is one of many; tell if it was sent."""
        if entry.permit.state is State.OPEN and (entry.number is not None or self.spool is None):
            raise CircuitOpen(f"not tried again yet after: {entry.permit.failure}")
        seconds = self._patience(entry, end)
        if entry.is_behind and entry.number is not None:
            self._drain.run(seconds)
            return not self.outbox.anything_waits()
        self._sender.send(record, seconds)
        METRICS.count("sent")
        self._note_sent(entry)
        if entry.is_behind:
            self._drain_besides(seconds)
        return True

    def _patience(self, entry: Entry, end: float) -> float:
        """Return how long Kafka is waited for: the less, the less it is expected to answer."""
        timeout, failures = self._config.delivery_timeout, entry.permit.failures
        left = end - timeout * TO_NOTE - time.monotonic()
        if failures:
            return min(left, FIRST_PROBE_SECONDS * 2.0 ** min(failures - 1, 10))
        return min(left, timeout * TO_DRAIN) if entry.is_behind else left

    def _drain_besides(self, seconds: float) -> None:
        """Drain after an event that the outbox had no room for; it has been sent by now."""
        try:
            self._drain.run(seconds)
        except Exception as exc:
            log.debug("The event was sent, but what waits was not: %s", exc)

    def _note_sent(self, entry: Entry) -> None:
        if self.spool is None:
            return
        try:
            if entry.number is not None:
                self.outbox.remove([entry.number])
            if entry.permit.failures:
                self._breaker.close()
        except OutboxError as exc:
            # It will be sent once more; the consumer stores it once.
            log.debug("A record that was sent stays in the outbox: %s", exc)

    def _open_breaker(self, entry: Entry, error: Exception) -> None:
        """Tell the other processes of this host; if that fails, they find out by themselves."""
        if self.spool is None or isinstance(error, OutboxError):
            return
        try:
            if entry.number is not None:
                self.outbox.release(entry.number)
            self._breaker.open(entry.permit, error)
        except OutboxError as exc:
            log.debug("A failure could not be noted: %s", exc)

    def _refuse(self, entry: Entry, error: Exception) -> NoReturn:
        """Make an event that Kafka will never take a dead letter, and say so."""
        METRICS.count("failed")
        kept = entry.problem
        if entry.number is not None:
            kept = "put aside"
            try:
                self.outbox.refuse(entry.number, _text(error))
            except OutboxError as exc:
                log.debug("A refusal could not be noted: %s", exc)
        raise EventRefused(f"{self.destination}: {_text(error)}; spool: {kept}") from error

    def _keep(self, entry: Entry, error: Exception) -> None:
        """Leave an event in the outbox; raise if it is not there."""
        if self.spool is not None and entry.number is not None:
            METRICS.count("spooled")
            reason, folder = _text(error), self.spool.folder
            self._warn("Kafka has not taken an event: %s. It waits in %s", reason, folder)
            return
        METRICS.count("failed")
        if isinstance(error, ConfigurationError):
            raise error
        raise EventLost(f"{self.destination}: {_text(error)}; spool: {entry.problem}") from error

    def _warn(self, message: str, *values: object) -> None:
        """Warn once per process; what repeats is for those who look for it."""
        is_first = self._warned_in != os.getpid()
        self._warned_in = os.getpid()
        log.log(logging.WARNING if is_first else logging.DEBUG, message, *values)


def _text(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
