"""Drains the outbox: sends what waits, in order, by one process of the host at a time."""

from __future__ import annotations

import logging
import time
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

from openlineage_avro.delivery.counters import METRICS
from openlineage_avro.delivery.sender import PERMANENT
from openlineage_avro.delivery.spool import claims_now
from openlineage_avro.errors import MessageTooLarge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openlineage_avro.delivery.breaker import Breaker
    from openlineage_avro.delivery.outbox import Outbox, Waiting
    from openlineage_avro.delivery.sender import Sender
    from openlineage_avro.delivery.spool import Spool

log = logging.getLogger(__name__)
LEASE_MARGIN_SECONDS = 1.0


class Lease:
    """The right to drain, which ends by itself should its holder be killed."""

    def __init__(self, spool: Spool) -> None:
        """Take the spool whose row says who drains."""
        self._spool = spool

    @contextmanager
    def held(self, seconds: float) -> Iterator[bool]:
        """Hold the lease for `seconds` at most; yield False if another process has it."""
        holder = uuid.uuid4().hex
        is_held = self._take(holder, seconds)
        try:
            yield is_held
        finally:
            if is_held:
                self._release(holder)

    def _take(self, holder: str, seconds: float) -> bool:
        statement = (
            "UPDATE destination SET drained_by = :holder, drained_until = :now + :seconds"
            " WHERE id = :here AND (drained_until <= :now OR drained_until > :latest)"
        )
        with self._spool.destination() as (connection, here):
            values = {"holder": holder, "seconds": seconds, "here": here, **claims_now()}
            return connection.execute(statement, values).rowcount == 1

    def _release(self, holder: str) -> None:
        statement = "UPDATE destination SET drained_until = 0 WHERE drained_by = ?"
        with self._spool.destination() as (connection, _):
            connection.execute(statement, (holder,))


class Drain:
    """Sends what waits in an outbox."""

    def __init__(self, spool: Spool, outbox: Outbox, breaker: Breaker, sender: Sender) -> None:
        """Take the parts that it works with."""
        self._folder = spool.folder
        self._outbox, self._breaker, self._sender = outbox, breaker, sender
        self._lease = Lease(spool)

    def run(self, seconds: float) -> int:
        """Send what waits, in order, for `seconds` at most; return how many records that were.

        Returns at once if another process is draining: it sees to everything that waits. Raises
        what kept Kafka from taking the first record not sent.
        """
        end, drained = time.monotonic() + seconds, 0
        while True:
            with self._lease.held(seconds + LEASE_MARGIN_SECONDS) as is_held:
                if not is_held:
                    return drained
                self._drop_expired()
                while time.monotonic() < end and (batch := self._outbox.batch()):
                    drained += self._send(batch, end)
            # What came between the last look and the release was left to us.
            if not self._outbox.anything_waits():
                self._outbox.shrink()
                return drained
            if time.monotonic() >= end:
                return drained

    def _send(self, batch: Sequence[Waiting], end: float) -> int:
        """Send a batch; return how many went, raise what went wrong with the first that did not."""
        records = [waiting.record for waiting in batch]
        errors = self._sender.send_all(records, end - time.monotonic())
        sent = [each.number for each, error in zip(batch, errors, strict=True) if error is None]
        self._note_sent(sent)
        for waiting, error in zip(batch, errors, strict=True):
            if isinstance(error, MessageTooLarge):
                return len(sent) + self._send_cut(waiting, end)
            if error is not None:
                raise error
        return len(sent)

    def _send_cut(self, waiting: Waiting, end: float) -> int:
        """Send a record that is too large for the broker, cut; or make it a dead letter."""
        try:
            self._sender.send(waiting.record, end - time.monotonic())
        except PERMANENT as exc:
            log.error("Record %d of %s is put aside: %s", waiting.number, self._folder, exc)
            self._outbox.refuse(waiting.number, str(exc))
            return 0
        self._note_sent([waiting.number])
        return 1

    def _note_sent(self, numbers: Sequence[int]) -> None:
        if numbers:
            self._outbox.remove(numbers)
            self._breaker.close()
            METRICS.count("drained", len(numbers))

    def _drop_expired(self) -> None:
        dropped = self._outbox.drop_expired()
        METRICS.count("dropped", dropped)
        if dropped:
            age = self._outbox.max_age
            log.error("%d records in %s were older than %s s: dropped", dropped, self._folder, age)
