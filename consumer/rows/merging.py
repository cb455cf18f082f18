"""How what several events of a batch say of one thing becomes one row."""

from datetime import datetime
from typing import NamedTuple, TypeVar
from uuid import UUID

Key = TypeVar("Key")


class Latest(NamedTuple):
    """A facet's value and the event it is from; the greatest (time, hash) holds."""

    event_time: datetime
    event_hash: UUID
    value: UUID
    is_deleted: bool


class Span(NamedTuple):
    """The times of the first and the last event that say something."""

    first: datetime
    last: datetime


def keep_latest(known: dict[Key, Latest], key: Key, said: Latest) -> None:
    """Keep the greatest (event_time, event_hash); within one event the last one written."""
    before = known.get(key)
    if before is None or before[:2] <= said[:2]:
        known[key] = said


def widen(spans: dict[Key, Span], key: Key, time: datetime) -> None:
    """Let a span reach to a time."""
    known = spans.get(key)
    if known is None:
        spans[key] = Span(time, time)
    elif not known.first <= time <= known.last:
        spans[key] = Span(min(known.first, time), max(known.last, time))
