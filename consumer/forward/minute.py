"""Says once a minute, while there is work, how many events were posted in it."""

import logging
import time
from collections.abc import Callable

from consumer.every_minute import EveryMinute

log = logging.getLogger(__name__)


class Minute:
    """What is to be said of the minute that goes on."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin now."""
        self._minute = EveryMinute(clock)
        self._before = 0

    def look(self, count: int) -> None:
        """Log how many of `count` events were posted in this minute, if it is over."""
        if (seconds := self._minute.over()) is None:
            return
        posted = count - self._before
        self._before = count
        if posted:
            speed = posted / seconds
            log.info("%s events posted in %.0f s (%.0f/s)", f"{posted:,}", seconds, speed)
