"""Jobs: what ran, under the names that Marquez has for it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from consumer.api.answers import answer
from consumer.api.catalog import jobs
from consumer.api.catalog.job_versions import job_versions
from consumer.api.changes import JobMeta
from consumer.api.context import Kafka, Limit, Offset, Store
from consumer.api.errors import ApiError, not_found
from consumer.api.prefixes import API
from consumer.api.raw_path import Segment
from consumer.api.shapes import Job, Jobs, JobVersion, JobVersions
from consumer.api.statements import job_event, job_of_run_event
from consumer.api.telling import tell
from consumer.query.reader import Reader, Row, Snapshot

router = APIRouter(prefix=API, tags=["jobs"])

# What the store has for each of Marquez's states of a run.
STORED_STATES = {
    "NEW": [],
    "RUNNING": ["RUNNING", "OTHER"],
    "COMPLETED": ["COMPLETE"],
    "ABORTED": ["ABORT"],
    "FAILED": ["FAIL"],
}
LastStates = Annotated[list[str] | None, Query(alias="lastRunStates")]


@router.get("/jobs", response_model=Jobs)
def list_all_jobs(
    store: Store, last_states: LastStates = None, limit: Limit = 100, offset: Offset = 0
) -> Response:
    """List jobs, those of which was heard last first."""
    return _page(store, None, last_states, limit, offset)


@router.get("/namespaces/{namespace}/jobs", response_model=Jobs)
def list_jobs(
    store: Store,
    namespace: Segment,
    last_states: LastStates = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Response:
    """List the jobs of a namespace, those of which was heard last first."""
    return _page(store, namespace, last_states, limit, offset)


@router.get("/namespaces/{namespace}/jobs/{job}", response_model=Job)
def get_job(store: Store, namespace: Segment, job: Segment) -> Response:
    """Return a job."""
    with store.snapshot() as snapshot:
        (found,) = jobs.jobs(snapshot, [find_row(snapshot, namespace, job)])
    return answer(found)


@router.put("/namespaces/{namespace}/jobs/{job}", response_model=Job)
def put_job(
    store: Store, kafka: Kafka, namespace: Segment, job: Segment, meta: JobMeta
) -> Response:
    """Say what a job is like: an event goes to Kafka; the answer comes when it is stored."""
    if meta.run_id is None:
        tell(store, kafka, job_event(namespace, job, meta))
    else:
        tell(store, kafka, job_of_run_event(told_run(store, meta.run_id), namespace, job, meta))
    return get_job(store, namespace, job)


@router.delete("/namespaces/{namespace}/jobs/{job}", response_model=Job)
def hide_job(store: Store, namespace: Segment, job: Segment) -> Response:
    """Hide a job, until a newer event names it."""
    with store.snapshot() as snapshot:
        row = find_row(snapshot, namespace, job)
        (found,) = jobs.jobs(snapshot, [row])
    store.change("api/hidden/nodes", ids=[row["id"]], last_event_at=row["last_event_at"])
    return answer(found)


@router.get("/namespaces/{namespace}/jobs/{job}/versions", response_model=JobVersions)
def list_job_versions(
    store: Store, namespace: Segment, job: Segment, limit: Limit = 100, offset: Offset = 0
) -> Response:
    """List the versions of a job, the newest first."""
    with store.snapshot() as snapshot:
        found = job_versions(snapshot, find_row(snapshot, namespace, job))
    return answer(JobVersions(versions=found[offset : offset + limit]))


@router.get("/namespaces/{namespace}/jobs/{job}/versions/{version}", response_model=JobVersion)
def get_job_version(store: Store, namespace: Segment, job: Segment, version: Segment) -> Response:
    """Return a version of a job."""
    with store.snapshot() as snapshot:
        for found in job_versions(snapshot, find_row(snapshot, namespace, job)):
            if str(found.version) == version.lower():
                return answer(found)
    raise not_found("Job version", version)


def told_run(store: Reader, run_id: UUID | str) -> Row:
    """Return what events must repeat of a run; raise ApiError if it is not there."""
    row = store.row("api/runs/told", run_id=str(run_id))
    if row is None or row["job_name"] is None:
        raise not_found("Run", str(run_id))
    return row


def find_row(snapshot: Snapshot, namespace: str, job: str) -> Row:
    """Return the row of a job; raise ApiError if there is none of that name."""
    rows = jobs.rows_by_names(snapshot, [(namespace, job)])
    if not rows:
        raise not_found("Job", job)
    return rows[0]


def _page(
    store: Store, namespace: str | None, last_states: list[str] | None, limit: int, offset: int
) -> Response:
    page = {"namespace": namespace, "limit": limit, "offset": offset}
    with store.snapshot() as snapshot:
        if last_states:
            states = _stored_states(last_states)
            rows = snapshot.rows("api/jobs/list_in_states", states=states, **page)
        else:
            rows = snapshot.rows("api/jobs/list", **page)
        (count,) = snapshot.rows("api/jobs/count", namespace=namespace)
        found = jobs.jobs(snapshot, rows)
    return answer(Jobs(jobs=found, total_count=count["count"]))


def _stored_states(states: list[str]) -> list[str]:
    unknown = [state for state in states if state.upper() not in STORED_STATES]
    if unknown:
        raise ApiError(
            400, f"lastRunStates: expected any of {', '.join(STORED_STATES)}, got {unknown[0]}"
        )
    return [stored for state in states for stored in STORED_STATES[state.upper()]]
