"""Merges small packs into full ones, so that what came one by one takes as little room as others.

Packs and the places of events change in one transaction, so that a reader sees each event once.
Writers only add; nobody waits.
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from consumer.maintain.session import Session
from consumer.store.packs import FULL_BYTES, FULL_EVENTS, PACK_BYTES, PACK_EVENTS

PAGE = 500  # small packs that are looked at at once

log = logging.getLogger(__name__)


class SmallPack(NamedTuple):
    """A pack that may be merged with others of its month."""

    id: int
    event_time: datetime
    month: datetime
    partition_id: int
    events: int
    length: int  # of all bodies, in characters


class Part(NamedTuple):
    """What becomes of a small pack: its elements follow the first `shift` of the new pack."""

    id: int
    event_time: datetime
    new_id: int
    shift: int


def merge_packs(session: Session) -> None:
    """Merge small packs as far as they make full ones; the rest waits for more to come."""
    after, merged, made = 0, 0, 0
    with session.progress("small packs") as progress:
        while not session.stop.is_set():
            rows = session.ask("maintain/small_packs", after=after, limit=PAGE)
            if not rows:
                break
            page = sorted((SmallPack(*row) for row in rows), key=lambda pack: pack.month)
            for month, packs in groupby(page, key=lambda pack: pack.month):
                full = list(full_packs(packs))
                merged, made = merged + sum(map(len, full)), made + len(full)
                _merge(session, month, full)
            after = rows[-1][0]
            progress.add(len(rows))
    if made:
        log.info("merged %d small packs into %d", merged, made)


def full_packs(packs: Iterable[SmallPack]) -> Iterator[list[SmallPack]]:
    """Yield which packs of one month make a full one together; those left over make none."""
    group: list[SmallPack] = []
    for pack in sorted(packs, key=lambda pack: (pack.partition_id, pack.id)):
        if not _fits([*group, pack]):
            yield group
            group = []
        group.append(pack)
    if _is_full(group):
        yield group


def _fits(packs: list[SmallPack]) -> bool:
    events, size = _size(packs)
    return events <= PACK_EVENTS and size <= PACK_BYTES


def _is_full(packs: list[SmallPack]) -> bool:
    events, size = _size(packs)
    return events >= FULL_EVENTS or size >= FULL_BYTES


def _size(packs: list[SmallPack]) -> tuple[int, int]:
    return sum(pack.events for pack in packs), sum(pack.length for pack in packs)


def _merge(session: Session, month: datetime, groups: list[list[SmallPack]]) -> None:
    if not groups:
        return
    with session.connection.transaction():
        new_ids = [row[0] for row in session.ask("events/pack_ids", count=len(groups))]
        parts = [
            part
            for new_id, group in zip(new_ids, groups, strict=True)
            for part in _parts(new_id, group)
        ]
        columns = dict(zip(Part._fields, map(list, zip(*parts, strict=True)), strict=True))
        session.change("maintain/merge_packs", **columns)
        bounds = {"first_id": min(columns["id"]), "last_id": max(columns["id"])}
        session.change("maintain/point_events", month=month, **bounds, **columns)
        session.change("maintain/delete_packs", **columns)


def _parts(new_id: int, group: list[SmallPack]) -> Iterator[Part]:
    shift = 0
    for pack in group:
        yield Part(pack.id, pack.event_time, new_id, shift)
        shift += pack.events
