"""Tells how far the store is on a topic, partition by partition."""

from consumer.source.topic import Topic
from consumer.store.offsets import StoredOffset
from consumer.store.store import Store

HEADINGS = [
    "partition",
    "stored offset",
    "end of topic",
    "lag",
    "events stored",
    "duplicates",
    "rejected",
]


def table(topic: Topic, store: Store) -> str:
    """Return the status as lines of text; the last line is the sum."""
    ends, stored = topic.ends(), store.offsets()
    rows = [_row(partition, end, stored.get(partition)) for partition, end in sorted(ends.items())]
    total = ["total", "", *(str(sum(int(row[i]) for row in rows)) for i in range(2, 7))]
    lines = [HEADINGS, *rows, total]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    )


def _row(partition: int, end: int, stored: StoredOffset | None) -> list[str]:
    if stored is None:
        return [str(partition), "not read yet", str(end), str(end), "0", "0", "0"]
    lag = end - stored.next_offset
    counts = (stored.stored, stored.duplicates, stored.rejected)
    return [str(each) for each in (partition, stored.next_offset, end, lag, *counts)]
