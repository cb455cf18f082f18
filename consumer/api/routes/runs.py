"""Runs of jobs."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from consumer.api.catalog.runs import find_events, find_runs
from consumer.api.context import Limit, Offset, Store
from consumer.api.errors import ApiError, not_found
from consumer.api.raw_path import Segment
from consumer.api.routes.jobs import find_row
from consumer.api.shapes import Run, RunFacets, Runs
from consumer.rows.keys import run_key

router = APIRouter(tags=["runs"])


@router.get("/namespaces/{namespace}/jobs/{job}/runs")
def list_runs(
    store: Store, namespace: Segment, job: Segment, limit: Limit = 100, offset: Offset = 0
) -> Runs:
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
        return Runs(runs=[found[key] for key in keys], total_count=count["count"])


@router.get("/jobs/runs/{run_id}")
def get_run(store: Store, run_id: Segment) -> Run:
    """Return a run."""
    with store.snapshot() as snapshot:
        found = list(find_runs(snapshot, [run_key(run_id)]).values())
    if not found:
        raise run_not_found(run_id)
    return found[0]


@router.get("/jobs/runs/{run_id}/facets")
def get_run_facets(
    store: Store, run_id: Segment, kind: Annotated[str, Query(alias="type")] = "run"
) -> RunFacets | None:
    """Return the facets of a run, or (`type=job`) those that it told of its job; null for none."""
    if kind.lower() not in ("run", "job"):
        raise ApiError(400, f"type: expected run or job, got {kind}")
    key = run_key(run_id)
    with store.snapshot() as snapshot:
        if not find_runs(snapshot, [key], whole=False):
            raise run_not_found(run_id)
        events = find_events(snapshot, [key])[key]
    facets = events.run_facets if kind.lower() == "run" else events.job_facets
    return RunFacets(run_id=run_id, facets=facets) if facets else None


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
