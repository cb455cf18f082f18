"""Asks PostgreSQL and Kafka whether they answer, now and then, however often that is asked."""

import logging
import threading
import time

from consumer.api.sender import Sender
from consumer.errors import StoreProblem
from consumer.query.reader import Reader
from consumer.sql.version import is_newer, newer

KNOWN_SECONDS = 2.0
OK, OFF = "ok", "off"

log = logging.getLogger(__name__)


class Readiness:
    """What was found a moment ago."""

    def __init__(self) -> None:
        """Start with nothing found."""
        self._lock = threading.Lock()
        self._found = ("", "")
        self._until = 0.0

    def of(self, reader: Reader, sender: Sender | None) -> tuple[str, str]:
        """Return how PostgreSQL and Kafka answer: ok, off, or what is the matter."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._found = _of_store(reader), OFF if sender is None else _of_kafka(sender)
                self._until = time.monotonic() + KNOWN_SECONDS
            return self._found


def _of_store(reader: Reader) -> str:
    try:
        row = reader.row("api/access/ready")
    except StoreProblem as exc:
        log.warning("not ready: %s", exc)
        return "cannot be reached" if exc.retry else "refuses; the API's log has the reason"
    if row is not None and is_newer(row["version"]):
        log.warning("not ready: %s", newer(row["version"]))
        return "is newer than this program: run the newer version"
    return OK


def _of_kafka(sender: Sender) -> str:
    problem = sender.problem()
    if problem is None:
        return OK
    log.warning("not ready: Kafka: %s", problem)
    return "does not answer, or lacks the topic; the API's log has the reason"
