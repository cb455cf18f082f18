"""Answers of queries as psql shows them."""

from collections.abc import Sequence
from typing import Any


def shown(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return a table of rows under their heads; null is nothing."""
    cells = [["" if value is None else str(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    rule = "-+-".join("-" * width for width in widths)
    lines = [
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (heads, *cells)
    ]
    return "\n".join([lines[0], rule, *lines[1:]]) + "\n"
