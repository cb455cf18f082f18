"""Runs of jobs."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request, Response

from consumer.api.answers import answer
from consumer.api.catalog.runs import find_events, find_runs
from consumer.api.changes import RunMeta
from consumer.api.context import Kafka, Limit, Offset, Store
from consumer.api.errors import ApiError, not_found
from consumer.api.prefixes import API
from consumer.api.raw_path import Segment
from consumer.api.routes.jobs import find_row, told_run
from consumer.api.shapes import Run, RunFacets, Runs
from consumer.api.statements import new_run_event, run_event
from consumer.api.telling import tell
from consumer.query.reader import Reader
from consumer.rows.keys import run_key

router = APIRouter(prefix=API, tags=["runs"])

Befallen = Literal["start", "complete", "fail", "abort"]
EVENT_TYPES = {"start": "START", "complete": "COMPLETE", "fail": "FAIL", "abort": "ABORT"}


@router.get("/namespaces/{namespace}/jobs/{job}/runs", response_model=Runs)
def list_runs(
    store: Store, namespace: Segment, job: Segment, limit: Limit = 100, offset: Offset = 0
) -> Response:
    """List the runs of a job, the latest first."""
    with store.snapshot() as snapshot:
        row = find_row(snapshot, namespace, job)
        asked = {"job_id": row["id"], "name": row["name"]}
        keys = [
            each["id"]
            for each in snapshot.rows("api/runs/list", limit=limit, offset=offset, **asked)
        ]
        (count,) = snapshot.rows("api/jobs/count_runs", **asked)
        found = find_runs(snapshot, keys)
    return answer(Runs(runs=[found[key] for key in keys], total_count=count["count"]))


@router.post("/namespaces/{namespace}/jobs/{job}/runs", status_code=201, response_model=Run)
def post_run(
    request: Request,
    store: Store,
    kafka: Kafka,
    namespace: Segment,
    job: Segment,
    meta: RunMeta,
) -> Response:
    """Make a run, which is new until it is started."""
    with store.snapshot() as snapshot:
        row = find_row(snapshot, namespace, job)
    run_id = str(meta.id or uuid4())
    tell(store, kafka, new_run_event(row, run_id, meta), id=run_id)
    location = f"{request.base_url}api/v1/jobs/runs/{run_id}"
    return answer(_find(store, run_id), 201, {"Location": location})


@router.post("/jobs/runs/{run_id}/{befallen}", response_model=Run)
def post_transition(
    store: Store, kafka: Kafka, run_id: Segment, befallen: Befallen, at: datetime | None = None
) -> Response:
    """Say that a run started, completed, failed or was aborted, now or (`at`) at a time."""
    event = run_event(told_run(store, run_id), EVENT_TYPES[befallen], at)
    tell(store, kafka, event, id=run_id)
    return get_run(store, run_id)


@router.get("/jobs/runs/{run_id}", response_model=Run)
def get_run(store: Store, run_id: Segment) -> Response:
    """Return a run."""
    return answer(_find(store, run_id))


def _find(store: Reader, run_id: str) -> Run:
    with store.snapshot() as snapshot:
        found = list(find_runs(snapshot, [run_key(run_id)]).values())
    if not found:
        raise run_not_found(run_id)
    return found[0]


@router.get("/jobs/runs/{run_id}/facets", response_model=RunFacets | None)
def get_run_facets(
    store: Store, run_id: Segment, kind: Annotated[str, Query(alias="type")] = "run"
) -> Response:
    """Return the facets of a run, or (`type=job`) those that it told of its job; null for none."""
    if kind.lower() not in ("run", "job"):
        raise ApiError(400, f"type: expected run or job, got {kind}")
    key = run_key(run_id)
    with store.snapshot() as snapshot:
        if not find_runs(snapshot, [key], whole=False):
            raise run_not_found(run_id)
        events = find_events(snapshot, [key])[key]
    facets = events.run_facets if kind.lower() == "run" else events.job_facets
    return answer(RunFacets(run_id=run_id, facets=facets) if facets else None)


def run_not_found(run_id: str) -> ApiError:
    """Return the error for a run that is not there."""
    if _is_uuid(run_id):
        return not_found("Run", run_id)
    return ApiError(404, "HTTP 404 Not Found")  # as Marquez says of what is no UUID


def _is_uuid(text: str) -> bool:
    try:
        return bool(UUID(text).hex)
    except ValueError:
        return False
