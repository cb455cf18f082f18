"""The run events that are stored, as they were sent."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BeforeValidator

from consumer.api.context import Limit, Offset, Store
from consumer.api.graph_shapes import Events
from consumer.api.prefixes import API
from consumer.api.raw_path import Segment

router = APIRouter(prefix=API, tags=["events"])

Direction = Annotated[Literal["ASC", "DESC"], BeforeValidator(str.upper), Query()]


@router.get("/events/lineage", response_model=Events)
def list_run_events(
    store: Store,
    before: datetime | None = None,
    after: datetime | None = None,
    sort_direction: Annotated[Direction, Query(alias="sortDirection")] = "DESC",
    limit: Limit = 100,
    offset: Offset = 0,
) -> Response:
    """List the events of runs with after <= eventTime < before; of many, the count is estimated."""
    span = {"after": after, "before": before}
    page = {"newest_first": sort_direction == "DESC", "limit": limit, "offset": offset}
    with store.snapshot() as snapshot:
        bodies = [row["body"] for row in snapshot.rows("api/events/page", **span, **page)]
        count = snapshot.row("api/events/count", **span)
    return _answer(bodies, max(offset + len(bodies), count["total"] if count else 0))


@router.get("/events", response_model=Events)
def list_events(store: Store, limit: Limit = 100, offset: Offset = 0) -> Response:
    """List the events of runs, the newest first."""
    return list_run_events(store, sort_direction="DESC", limit=limit, offset=offset)


@router.get("/events/{namespace}", response_model=Events)
def list_events_of(
    store: Store, namespace: Segment, limit: Limit = 100, offset: Offset = 0
) -> Response:
    """List the events of runs of a namespace's jobs, the newest first."""
    page = {"namespace": namespace, "limit": limit, "offset": offset}
    rows = store.rows("api/events/of_namespace", **page)
    bodies = [row["body"] for row in rows]
    return _answer(bodies, rows[0]["total"] if rows else offset)


def _answer(bodies: list[str], total: int) -> Response:
    # They are JSON already: to read and write it anew would only take time.
    text = '{"events":[' + ",".join(bodies) + f'],"totalCount":{total}}}'
    return Response(text, media_type="application/json")
