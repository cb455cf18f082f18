"""Shows on a terminal how far a long command is; where there is none, only how it ended."""

import sys
import time

SHOWN_SECONDS = 0.2


class Progress:
    """A line that is written over and over."""

    def __init__(self, what: str) -> None:
        """Name what is counted, such as `events to orders.avro`."""
        self._what = what
        self._is_shown = sys.stderr.isatty()
        self._next = 0.0
        self.count = 0

    def add(self, count: int, of: str = "") -> None:
        """Count so many more; `of` says how much there is in all."""
        self.count += count
        if self._is_shown and time.monotonic() >= self._next:
            self._next = time.monotonic() + SHOWN_SECONDS
            print(f"\r{self.count:,} {self._what}{of}\x1b[K", end="", file=sys.stderr, flush=True)

    def end(self, more: str = "") -> None:
        """Say how many there were."""
        before = "\r\x1b[K" if self._is_shown else ""
        print(f"{before}{self.count:,} {self._what}{more}", file=sys.stderr)
