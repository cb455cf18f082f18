"""The circuit breaker: when Kafka has failed, only one event of the host at a time tries it again.

Its state is a row of the spool, so that it holds for all processes (the pattern:
https://martinfowler.com/bliki/CircuitBreaker.html). Closed: Kafka is well. Open: it failed, and
until `try_again_at` nobody waits for it. Half open: that time is over, and the first to ask probes.
"""

from __future__ import annotations

import time
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from openlineage_avro.delivery.spool import Spool

FIRST_PAUSE, LONGEST_PAUSE = 5.0, 60.0  # seconds for which it stays open


class State(Enum):
    """What the breaker says to one event."""

    CLOSED = "closed"
    HALF_OPEN = "half open"  # this event is the one that probes
    OPEN = "open"


class Permit(NamedTuple):
    """The breaker's answer: how often Kafka has failed since it last took a record, and how."""

    state: State
    failures: int = 0
    failure: str | None = None


CLOSED = Permit(State.CLOSED)


class Breaker:
    """What all processes of a host know of one topic's Kafka. Methods may raise OutboxError."""

    def __init__(self, spool: Spool) -> None:
        """Take the spool whose row holds the state."""
        self._spool = spool

    def ask(self, seconds: float) -> Permit:
        """Return whether Kafka may be tried; who probes does so within `seconds`."""
        query = "SELECT failures, failure, try_again_at FROM destination WHERE id = ?"
        now = time.time()
        with self._spool.destination(seconds / 2) as (connection, here):
            failures, failure, try_again_at = connection.execute(query, (here,)).fetchone()
            if not failures:
                return CLOSED
            # A clock that was set back must not keep it open for long.
            if now < try_again_at <= now + LONGEST_PAUSE:
                return Permit(State.OPEN, failures, failure)
            # Of those who ask at once, one finds the time unchanged.
            claimed = connection.execute(
                "UPDATE destination SET try_again_at = ? WHERE id = ? AND try_again_at = ?",
                (now + seconds, here, try_again_at),
            ).rowcount
        return Permit(State.HALF_OPEN if claimed else State.OPEN, failures, failure)

    def close(self) -> None:
        """Note that Kafka has taken a record."""
        self._set(0, None, 0.0)

    def open(self, permit: Permit, error: Exception) -> None:
        """Note that an event with this permit has failed; the pause grows with the failures."""
        failures = permit.failures + 1
        if permit.failures and isinstance(error, ConnectionRefusedError):
            failures = permit.failures  # costs no time to find out: may be tried as often again
        pause = min(FIRST_PAUSE * 2.0 ** min(failures - 1, 10), LONGEST_PAUSE)
        self._set(failures, f"{type(error).__name__}: {error}", time.time() + pause)

    def _set(self, failures: int, failure: str | None, try_again_at: float) -> None:
        statement = (
            "UPDATE destination SET failures = ?, failure = ?, try_again_at = ? WHERE id = ?"
        )
        with self._spool.destination() as (connection, here):
            connection.execute(statement, (failures, failure, try_again_at, here))
