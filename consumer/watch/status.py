"""Shows the lag of each partition as a table."""

from collections.abc import Sequence

from consumer.watch.lag import Lag

HEADINGS = [
    "topic",
    "partition",
    "stored offset",
    "end of topic",
    "lag",
    "waiting since",
    "events stored",
    "duplicates",
    "rejected",
]
NUMBERS = (3, 4, 6, 7, 8)  # the columns that are added up


def table(lags: Sequence[Lag]) -> str:
    """Return the status as lines of text; the last line is the sum."""
    rows = [_row(each) for each in lags]
    sums = [""] * len(HEADINGS)
    for column in NUMBERS:
        sums[column] = str(sum(int(row[column]) for row in rows if row[column].isdigit()))
    lines = [HEADINGS, *rows, ["total", *sums[1:]]]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    )


def _row(lag: Lag) -> list[str]:
    stored = lag.stored
    counts = (stored.stored, stored.duplicates, stored.rejected) if stored else (0, 0, 0)
    return [
        lag.partition.topic,
        str(lag.partition.number),
        str(stored.next_offset) if stored else "not read yet",
        "no leader" if lag.end is None else str(lag.end),
        "unknown" if lag.records is None else str(lag.records),
        f"{lag.waiting_since:%Y-%m-%dT%H:%M:%SZ}" if lag.waiting_since else "-",
        *map(str, counts),
    ]
