"""What the page shows of one benchmark, and how its figures become tables and ratios."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from benchmarks.report.plots import Bar, bars, number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Ratio(NamedTuple):
    """How many times better this is than another, and both figures as they are."""

    what: str
    times: float
    ours: str
    other: str


class Plot(NamedTuple):
    """Bars with a heading; `name` is that of the image."""

    name: str
    title: str
    unit: str
    bars: list[Bar]
    is_log: bool = False

    def line(self) -> str:
        """Return the Markdown that shows it."""
        return f"![{self.title}](images/bench-{self.name}.svg)"

    def draw(self, images: Path) -> None:
        """Draw it into a folder."""
        place = images / f"bench-{self.name}.svg"
        bars(place, self.title, self.unit, self.bars, self.is_log)


class Section(NamedTuple):
    """What is shown of one benchmark."""

    ratios: list[Ratio]
    plots: list[Plot]
    texts: list[str]  # paragraphs and tables of Markdown


def less(what: str, ours: float, other: float, unit: str) -> Ratio:
    """Return the ratio of figures of which the smaller is the better."""
    return Ratio(what, other / ours, f"{number(ours)} {unit}", f"{number(other)} {unit}")


def more(what: str, ours: float, other: float, unit: str) -> Ratio:
    """Return the ratio of figures of which the larger is the better."""
    return Ratio(what, ours / other, f"{number(ours)} {unit}", f"{number(other)} {unit}")


def table(head: Sequence[str], rows: Sequence[Sequence[str | float]]) -> str:
    """Return a table whose first column holds names."""
    rule = ["---"] + ["---:"] * (len(head) - 1)
    shown = [[each if isinstance(each, str) else number(each) for each in row] for row in rows]
    return "\n".join(f"| {' | '.join(each)} |" for each in (head, rule, *shown))
