"""Says once a minute, while there is work, what was done in it."""

import logging
import time
from collections import Counter
from collections.abc import Callable

from consumer.every_minute import EveryMinute
from consumer.ingest.tally import Tally
from consumer.store.offsets import Outcome

log = logging.getLogger(__name__)


class Minute:
    """What is to be said of the minute that goes on."""

    def __init__(self, tally: Tally, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin now."""
        self._tally = tally
        self._minute = EveryMinute(clock)
        self._before: Counter[Outcome] = Counter()

    def look(self, lag: Callable[[], int]) -> None:
        """Log what was done if the minute is over; `lag` tells how many records are left."""
        if (seconds := self._minute.over()) is None:
            return
        with self._tally.lock:
            now = self._tally.outcomes.copy()
        done = now - self._before
        self._before = now
        if done:
            log.info(
                "%s events stored in %.0f s (%.0f/s), %d duplicates, %d rejected; %d to come",
                f"{done[Outcome.STORED]:,}",
                seconds,
                done[Outcome.STORED] / seconds,
                done[Outcome.DUPLICATE],
                done[Outcome.REJECTED],
                lag(),
            )
