"""Waits that a signal ends, and during which something is done now and then."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

STEP_SECONDS = 1.0

Thing = TypeVar("Thing")


class Stopped(Exception):  # noqa: N818 - says what happened
    """The program was asked to stop while it waited."""


class Pause:
    """How a program waits: until it is told to stop; `meanwhile` is called every second."""

    def __init__(self, stop: threading.Event, meanwhile: Callable[[], None]) -> None:
        """Take what ends every wait."""
        self._stop = stop
        self._meanwhile = meanwhile

    def wait(self, seconds: float) -> None:
        """Wait so long; raise Stopped if the program is to end, and what `meanwhile` raises."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if self._stop.wait(min(left, STEP_SECONDS)):
                raise Stopped
            self._meanwhile()

    def until_stopped(self, things: Iterable[Thing]) -> Iterator[Thing]:
        """Yield things; raise Stopped instead of the next once the program is to end."""
        for each in things:
            if self._stop.is_set():
                raise Stopped
            yield each


class Rate:
    """Lets so many things happen in a second, at even distances; 0 or less: any number."""

    def __init__(self, per_second: float, pause: Pause) -> None:
        """Begin now."""
        self._distance = 1 / per_second if per_second > 0 else 0.0
        self._pause = pause
        self._next = time.monotonic()

    def wait(self) -> None:
        """Wait until the next may happen; raise as Pause does."""
        if self._distance:
            self._pause.wait(self._next - time.monotonic())
            self._next = max(self._next, time.monotonic() - 1.0) + self._distance
