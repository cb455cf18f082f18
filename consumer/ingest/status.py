"""Tells how far the store is, partition by partition."""

from consumer.record import Partition
from consumer.source.cluster import Cluster
from consumer.store.offsets import StoredOffset
from consumer.store.store import Store

HEADINGS = [
    "topic",
    "partition",
    "stored offset",
    "end of topic",
    "lag",
    "events stored",
    "duplicates",
    "rejected",
]
NUMBERS = range(3, 8)  # the columns that are added up


def table(cluster: Cluster, store: Store) -> str:
    """Return the status as lines of text; the last line is the sum."""
    there = cluster.there()
    ends, stored = cluster.ends(there.readable), store.offsets(there.partitions())
    rows = [_row(each, ends.get(each), stored.get(each)) for each in sorted(there.partitions())]
    sums = [sum(int(row[i]) for row in rows if row[i].isdigit()) for i in NUMBERS]
    lines = [HEADINGS, *rows, ["total", "", "", *map(str, sums)]]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    )


def _row(partition: Partition, end: int | None, stored: StoredOffset | None) -> list[str]:
    place = [partition.topic, str(partition.number)]
    at = stored.next_offset if stored else None
    counts = (stored.stored, stored.duplicates, stored.rejected) if stored else (0, 0, 0)
    return [
        *place,
        "not read yet" if at is None else str(at),
        "no leader" if end is None else str(end),
        "unknown" if end is None else str(max(0, end - (at or 0))),
        *map(str, counts),
    ]
