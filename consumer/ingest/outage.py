"""Says once what the consumer waits for, and when it goes on."""

import logging
import time
from collections.abc import Set

from consumer.errors import ConsumerError

log = logging.getLogger(__name__)


class Outage:
    """What keeps the consumer from going on, if anything does."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._since: float | None = None
        self._told: set[type[ConsumerError]] = set()
        self.problem: str | None = None  # what is waited for now

    def note(self, problem: ConsumerError) -> None:
        """Log a problem if it is the first of its kind since all went well."""
        if self._since is None:
            self._since = time.monotonic()
        self.problem = str(problem)
        level = logging.DEBUG if type(problem) in self._told else logging.WARNING
        self._told.add(type(problem))
        log.log(level, "waiting: %s", problem)

    def end(self) -> None:
        """Log that all is well again, if it was not."""
        if self._since is not None:
            log.info("going on after %.1f s", time.monotonic() - self._since)
        self._since = self.problem = None
        self._told.clear()


class Missing:
    """What is missing while the rest goes on: a topic, the leader of a partition."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._since: dict[str, float] = {}

    @property
    def problem(self) -> str | None:
        """What is waited for now, in words."""
        return ", ".join(sorted(self._since)) or None

    def tell(self, missing: Set[str]) -> None:
        """Log what is missing by now and was not before, and what is there again."""
        for each in sorted(missing - self._since.keys()):
            self._since[each] = time.monotonic()
            log.warning("waiting: %s", each)
        for each in sorted(self._since.keys() - missing):
            seconds = time.monotonic() - self._since.pop(each)
            log.info("going on after %.1f s: no longer so: %s", seconds, each)
