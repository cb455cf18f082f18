"""An answer as a table or JSON."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """The rows that PostgreSQL answered, and the names of their columns."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield each row by column name."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)


def as_table(answer: Answer) -> str:
    """Return a heading, a rule and a line for each row; what is null is blank."""
    cells = [[_cell(value) for value in row] for row in answer.rows]
    widths = [max(map(len, column)) for column in zip(answer.columns, *cells, strict=True)]
    lines = [
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (answer.columns, *cells)
    ]
    return "\n".join([lines[0], "-+-".join("-" * width for width in widths), *lines[1:]])


def as_json(answer: Answer) -> str:
    """Return a list with an object for each row: times as ISO 8601, durations in seconds."""
    return json.dumps(list(answer.records()), default=_json_value, indent=2, ensure_ascii=False)


def printable(text: str) -> str:
    r"""Return a text on one line that a terminal only shows; other characters as `\n`, `\x1b`."""
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        value = value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    return "" if value is None else printable(str(value))


def _json_value(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.isoformat() if isinstance(value, datetime) else str(value)
