"""What the dashboard shows: how much happened and how much there is, by hour or day."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from pydantic import BeforeValidator

from consumer.api.context import Store
from consumer.api.errors import ApiError
from consumer.api.graph_shapes import Count, EventCounts
from consumer.api.prefixes import API
from consumer.errors import EventRefused, NotFound
from consumer.query.reader import Reader

router = APIRouter(prefix=f"{API}/stats", tags=["stats"])

Period = Annotated[Literal["DAY", "WEEK"], BeforeValidator(str.upper), Query()]


@router.get("/lineage-events")
def count_events(store: Store, period: Period = "DAY", timezone: str = "UTC") -> list[EventCounts]:
    """Count run events by type, in each of the last 24 hours or 7 days."""
    moments = _moments(store, period, timezone)
    counts = [
        EventCounts(start_interval=begin, end_interval=end) for begin, end in pairwise(moments)
    ]
    for row in store.rows("api/stats/lineage_events", moments=moments):
        setattr(counts[row["interval_number"] - 1], row["type"], row["events"])
    return counts


@router.get("/jobs")
def count_jobs(store: Store, period: Period = "DAY", timezone: str = "UTC") -> list[Count]:
    """Tell how many jobs there were at the end of each of the last 24 hours or 7 days."""
    return _counts(store, "api/stats/jobs", _moments(store, period, timezone))


@router.get("/datasets")
def count_datasets(store: Store, period: Period = "DAY", timezone: str = "UTC") -> list[Count]:
    """Tell how many datasets there were at the end of each of the last 24 hours or 7 days."""
    return _counts(store, "api/stats/datasets", _moments(store, period, timezone))


@router.get("/sources")
def count_sources(store: Store, period: Period = "DAY", timezone: str = "UTC") -> list[Count]:
    """Tell how many sources there were at the end of each of the last 24 hours or 7 days."""
    return _counts(store, "api/stats/sources", _moments(store, period, timezone))


def _moments(store: Reader, period: str, timezone: str) -> list[datetime]:
    """Return where each interval begins, and where the last one ends."""
    try:
        ZoneInfo(timezone)  # PostgreSQL takes offsets as well, some with their sign turned round
        row = store.row("api/stats/intervals", period=period, timezone=timezone)
    except (KeyError, ValueError, OSError, NotFound, EventRefused) as exc:
        raise ApiError(
            400, f"timezone: expected a name such as Europe/Berlin or UTC, got {timezone!r}"
        ) from exc
    moments: list[datetime] = row["moments"] if row else []
    return moments


def _counts(store: Reader, statement: str, moments: Sequence[datetime]) -> list[Count]:
    """Return how many there were at each moment; a statement tells those that came before it."""
    counts, total = [], 0
    added = {row["interval_number"]: row["added"] for row in store.rows(statement, moments=moments)}
    total = added.get(0, 0)
    for number, (begin, end) in enumerate(pairwise(moments), start=1):
        total += added.get(number, 0)
        counts.append(Count(start_interval=begin, end_interval=end, count=total))
    return counts
