"""Tells when a minute is over, for what is said once a minute."""

import time
from collections.abc import Callable

SECONDS = 60.0


class EveryMinute:
    """The minute that goes on."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin now."""
        self._clock = clock
        self._since = clock()

    def over(self) -> float | None:
        """Return the minute's seconds and begin another, if it is over; else None."""
        now = self._clock()
        seconds = now - self._since
        if seconds < SECONDS:
            return None
        self._since = now
        return seconds
