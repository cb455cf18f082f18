"""Draws small plots of figures as SVG that looks the same whenever it is drawn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import matplotlib as mpl
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OURS, THEIRS = "#1976d2", "#b0bec5"
BAR, HEAD = 0.34, 0.9  # inches of a bar, and of all that is around them
# Text stays text, and what is drawn twice is the same.
mpl.rcParams.update(
    {"svg.fonttype": "none", "svg.hashsalt": "openlineage-avro", "font.family": "sans-serif"}
)


class Bar(NamedTuple):
    """One bar: its name, how long it is, and whether it is ours."""

    name: str
    value: float
    is_ours: bool


def bars(place: Path, title: str, unit: str, drawn: Sequence[Bar], is_log: bool = False) -> None:
    """Draw bars from the top down, each with its value, into an SVG file."""
    figure = Figure(figsize=(7.2, HEAD + BAR * len(drawn)), layout="constrained")
    axes = figure.subplots()
    colours = [OURS if each.is_ours else THEIRS for each in drawn]
    shown = axes.barh(
        [each.name for each in drawn], [each.value for each in drawn], color=colours, height=0.7
    )
    axes.bar_label(shown, [number(each.value) for each in drawn], padding=4, fontsize=9)
    axes.invert_yaxis()
    figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    axes.set_xlabel(unit, fontsize=9)
    axes.tick_params(labelsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.12)
    if is_log:
        axes.set_xscale("log")
    figure.savefig(place, format="svg", metadata={"Date": None, "Creator": None})


def number(value: float) -> str:
    """Return a figure with three digits that say something; a dash where there is none."""
    if math.isnan(value):
        return "-"
    if isinstance(value, int) or value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
