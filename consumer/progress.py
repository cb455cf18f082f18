"""Shows on a terminal how far a long command is; where there is none, nothing but how it ended."""

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

Thing = TypeVar("Thing")


class Progress:
    """A bar on a terminal as long as the context lasts, and a count everywhere.

    `total` may be given later, or never; log lines appear above the bar.
    """

    def __init__(self, what: str, total: int | None = None, *, is_shown: bool = True) -> None:
        """Name what is counted, such as `events sent`."""
        self.count = 0
        self._what = what
        self._total = total
        self._bar = _bar() if is_shown and sys.stderr.isatty() else None

    def __enter__(self) -> "Progress":
        """Show the bar."""
        if self._bar:
            self._bar.start()
            self._task = self._bar.add_task(self._what, total=self._total)
        return self

    def __exit__(self, *problem: object) -> None:
        """Take the bar away."""
        if self._bar:
            self._bar.stop()

    def expect(self, total: int) -> None:
        """Say how many there are in all."""
        if self._bar:
            self._bar.update(self._task, total=total)

    def add(self, count: int) -> None:
        """Count so many more."""
        self.count += count
        if self._bar:
            self._bar.advance(self._task, count)

    def each(self, things: Iterable[Thing]) -> Iterator[Thing]:
        """Yield things, and count each when it is done with."""
        for thing in things:
            yield thing
            self.add(1)

    def end(self, more: str = "") -> None:
        """Say how many there were, after the context."""
        print(f"{self.count:,} {self._what}{more}", file=sys.stderr)


def _bar() -> "Bar":
    """Return a bar with a count and the time that is left, gone when it is stopped."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bar

    return Bar(
        SpinnerColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
