"""Keeps the events that an endpoint refused, each with its answer, in a file of JSON lines."""

import json
import logging
import os
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path

from consumer.errors import SettingsError

log = logging.getLogger(__name__)


class Refused:
    """A file that grows: {refused_at, status, answer, topic, partition, offset, event} a line."""

    def __init__(self, path: Path) -> None:
        """Open the file; raise SettingsError if it cannot be written."""
        self.path = path
        self.count = 0
        try:
            self._file = path.open("ab")
        except OSError as exc:
            raise SettingsError(f"--refused-file: expected a file to write to: {exc}") from exc

    def keep(self, text: str, status: int, answer: str, place: Mapping[str, object]) -> None:
        """Write an event, JSON text, so that it is on disk when this returns."""
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        said = json.dumps({"refused_at": now, "status": status, "answer": answer, **place})
        self._file.write(f'{said[:-1]}, "event": {text}}}\n'.encode())
        self._file.flush()
        os.fsync(self._file.fileno())
        self.count += 1
        if self.count == 1:
            log.warning("an event was refused with %s: %s; kept in %s", status, answer, self.path)

    def close(self) -> None:
        """Close the file, and remove it if nothing was ever written to it."""
        is_empty = self._file.tell() == 0
        self._file.close()
        if is_empty:
            self.path.unlink(missing_ok=True)
