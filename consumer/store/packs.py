"""Packs the bodies of events: 32 to a row of lineage_store.event_packs, which compresses them.

Those of a pack are alike, so it takes a seventh of what they would take alone.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from typing import Any, NamedTuple

from consumer.decode.decode import Decoded
from consumer.record import Record
from consumer.rows.rows import Subject
from consumer.sql import query
from consumer.store.database import Connection
from openlineage_avro.event.kinds import DATASET_EVENT

PACK_EVENTS = 32
PACK_BYTES = 256 * 1024  # reading one event reads its whole pack
# Packs of fewer events and characters are merged by and by (consumer/maintain/packs.py).
FULL_EVENTS, FULL_BYTES = PACK_EVENTS // 2, PACK_BYTES // 2
COLUMNS = ("int8", "timestamptz", "text[]", "bytea[]", "int4[]", "int8[]", "timestamptz[]") + (
    ("int4[]", "text[]", "timestamptz[]", "bool")
)


class Packed(NamedTuple):
    """An event's place: the element `place` of each array of a pack."""

    pack_id: int
    place: int


class Stored(NamedTuple):
    """An event that is stored now, and the record that it came in."""

    record: Record
    event: Decoded
    subject: Subject
    partition_id: int


def write_packs(connection: Connection, events: Sequence[Stored]) -> list[Packed]:
    """Write the bodies of events; return the place of each."""
    packs = list(_packs(events))
    ids = [row[0] for row in connection.execute(query("events/pack_ids"), {"count": len(packs)})]
    now = datetime.now(timezone.utc)
    with connection.cursor().copy(query("events/copy_packs")) as copy:
        copy.set_types(COLUMNS)
        for pack_id, pack in zip(ids, packs, strict=True):
            copy.write_row((pack_id, *_row([events[index] for index in pack], now)))
    places = {
        index: Packed(pack_id, place)
        for pack_id, pack in zip(ids, packs, strict=True)
        for place, index in enumerate(pack, 1)
    }
    return [places[index] for index in range(len(events))]


def _packs(events: Sequence[Stored]) -> Iterator[list[int]]:
    """Yield which events share a pack: those of one month; what is alike comes together."""
    months: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, each in enumerate(events):
        months[each.event.time.year, each.event.time.month].append(index)
    for of_month in months.values():
        of_month.sort(key=lambda index: _kinship(events[index]))
        pack, size = of_month[:1], len(events[of_month[0]].event.json)
        for index in of_month[1:]:
            more = len(events[index].event.json)
            if len(pack) == PACK_EVENTS or size + more > PACK_BYTES:
                yield pack
                pack, size = [], 0
            pack.append(index)
            size += more
        yield pack


def _kinship(stored: Stored) -> tuple[int, str, str]:
    """Return what sorts events so that compression, which looks back 64 KB, finds their like.

    By their names the tasks of a DAG come together, too, which have much in common.
    """
    named = stored.event.event["dataset" if stored.event.kind == DATASET_EVENT else "job"]
    return stored.partition_id, named["namespace"], named["name"]


def _row(pack: list[Stored], now: datetime) -> tuple[Any, ...]:
    raws = [None if each.event.is_exact else each.record.value for each in pack]
    return (
        min(each.event.time for each in pack),
        [each.event.json for each in pack],
        raws if any(raw is not None for raw in raws) else None,
        _short([each.partition_id for each in pack]),
        [each.record.offset for each in pack],
        _short([each.record.time for each in pack]),
        [len(each.record.value or b"") for each in pack],
        _short([each.event.framing for each in pack]),
        [now],
        len(pack) < FULL_EVENTS and sum(len(each.event.json) for each in pack) < FULL_BYTES,
    )


def _short(values: list[Any]) -> list[Any]:
    """Return one element where all are alike."""
    return values[:1] if all(value == values[0] for value in values) else values
