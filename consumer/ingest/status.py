"""Tells how far the store is on a topic, partition by partition."""

from consumer.source.source import Topic
from consumer.store.store import Position, Store

HEADINGS = ("partition", "stored position", "end of topic", "lag") + (
    *("events stored", "duplicates", "rejected"),
)


def table(topic: Topic, store: Store) -> str:
    """Return the status as lines of text; the last line is the sum."""
    ends, positions = topic.ends(), store.positions()
    rows = [
        _row(partition, end, positions.get(partition)) for partition, end in sorted(ends.items())
    ]
    total = ["total", "", *(str(sum(int(row[i]) for row in rows)) for i in range(2, 7))]
    lines = [list(HEADINGS), *rows, total]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    )


def _row(partition: int, end: int, position: Position | None) -> list[str]:
    if position is None:
        return [str(partition), "not read yet", str(end), str(end), "0", "0", "0"]
    lag = end - position.next_offset
    counts = (position.stored, position.duplicates, position.rejected)
    return [str(each) for each in (partition, position.next_offset, end, lag, *counts)]
