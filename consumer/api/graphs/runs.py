"""Draws the runs that wrote what a run read, and those before them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from consumer.api.catalog import datasets
from consumer.api.catalog.runs import find_runs
from consumer.api.catalog.versions import DatasetName, dataset_version
from consumer.api.errors import not_found
from consumer.api.graph_shapes import RunInput, RunJob, RunLineage, RunTimes, UpstreamRun
from consumer.api.shapes import Run
from consumer.query.reader import Row, Snapshot
from consumer.rows.keys import run_key


class Job(NamedTuple):
    """The job of a run, as the API calls it."""

    namespace: str
    name: str


def upstream(snapshot: Snapshot, run_id: str, depth: int) -> RunLineage:
    """Return a run and those before it, nearest first; raise ApiError where there is none."""
    start = run_key(run_id)
    steps = snapshot.rows("api/graph/runs_before", run=start, depth=depth)
    depths = {start: 0}
    for step in steps:
        if step["depth"] < depth:
            depths.setdefault(step["writer_id"], step["depth"] + 1)
    runs = find_runs(snapshot, depths, whole=False)
    if start not in runs:
        raise not_found("Run", run_id)
    jobs = _jobs(snapshot, depths)
    inputs = _inputs(snapshot, steps)
    found = sorted(runs, key=lambda key: (depths[key], jobs[key].name, str(key)))
    return RunLineage(runs=[_told(runs[key], jobs[key], inputs[key]) for key in found])


def _told(run: Run, job: Job, inputs: list[RunInput]) -> UpstreamRun:
    version = run.job_version.version if run.job_version else None
    return UpstreamRun(
        job=RunJob(namespace=job.namespace, name=job.name, version=version),
        run=RunTimes(id=run.id, start=run.started_at, end=run.ended_at, status=run.state),
        inputs=sorted(inputs, key=lambda each: (each.namespace, each.name)),
    )


def _jobs(snapshot: Snapshot, keys: Iterable[UUID]) -> dict[UUID, Job]:
    """Return the names of the jobs of runs."""
    rows = snapshot.rows("api/runs/by_ids", ids=list(keys))
    return {row["id"]: Job(row["namespace"] or "", row["name"] or "") for row in rows}


def _inputs(snapshot: Snapshot, steps: Sequence[Row]) -> dict[UUID, list[RunInput]]:
    """Return what each run read, and which run had written it."""
    rows = datasets.rows_by_ids(snapshot, {step["dataset_id"] for step in steps})
    names = {row["id"]: DatasetName(row["namespace"], row["name"]) for row in rows}
    writers = {step["writer_id"] for step in steps}
    ids = {row["id"]: row["run_id"] for row in snapshot.rows("api/runs/by_ids", ids=list(writers))}
    found: dict[UUID, list[RunInput]] = defaultdict(list)
    for step in steps:
        if name := names.get(step["dataset_id"]):
            version = dataset_version(name, step["writer_id"])
            read = RunInput(
                **name._asdict(), version=version, produced_by_run_id=ids[step["writer_id"]]
            )
            found[step["run_id"]].append(read)
    return found
