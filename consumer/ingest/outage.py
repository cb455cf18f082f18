"""Says once what the consumer waits for, and when it goes on."""

import logging
import time

from consumer.errors import ConsumerError

log = logging.getLogger(__name__)


class Outage:
    """What keeps the consumer from going on, if anything does."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._since: float | None = None
        self._told: set[type[ConsumerError]] = set()

    def note(self, problem: ConsumerError) -> None:
        """Log a problem if it is the first of its kind since all went well."""
        if self._since is None:
            self._since = time.monotonic()
        level = logging.DEBUG if type(problem) in self._told else logging.WARNING
        self._told.add(type(problem))
        log.log(level, "waiting: %s", problem)

    def end(self) -> None:
        """Log that all is well again, if it was not."""
        if self._since is not None:
            log.info("going on after %.1f s", time.monotonic() - self._since)
        self._since = None
        self._told.clear()
