"""Finds the versions of a job: what its runs read and wrote, from which program."""

from collections.abc import Sequence
from uuid import UUID

from consumer.api.catalog.runs import Io, find_events, find_io, find_runs
from consumer.api.catalog.versions import DatasetName, job_version
from consumer.api.shapes import DatasetVersionRef, Facets, JobVersion, Name, Run, VersionId
from consumer.query.reader import Row, Snapshot


def job_versions(snapshot: Snapshot, job: Row) -> list[JobVersion]:
    """Return the versions of a job, the newest first; `job` is a row of lineage_api.jobs."""
    rows = snapshot.rows("api/jobs/versions", job_id=job["id"], name=job["name"])
    keys = [row["latest_run"] for row in rows]
    runs, io = _runs(snapshot, keys), find_io(snapshot, keys)
    return [_version(job, row, runs[row["latest_run"]], io[row["latest_run"]]) for row in rows]


def _runs(snapshot: Snapshot, keys: Sequence[UUID]) -> dict[UUID, Run]:
    """Return runs as Marquez shows them here: the facets are those that they told of their job."""
    runs, events = find_runs(snapshot, keys), find_events(snapshot, keys)
    return {key: _shown(run, events[key].job_facets) for key, run in runs.items()}


def _shown(run: Run, facets: Facets) -> Run:
    return run.model_copy(
        update={
            "facets": facets,
            "input_dataset_versions": _bare(run.input_dataset_versions),
            "output_dataset_versions": _bare(run.output_dataset_versions),
        }
    )


def _bare(versions: Sequence[DatasetVersionRef]) -> list[DatasetVersionRef]:
    return [each.model_copy(update={"facets": {}}) for each in versions]


def _version(job: Row, row: Row, run: Run, io: Io) -> JobVersion:
    version = job_version(job["namespace"], job["name"], row["location"], io.inputs, io.outputs)
    return JobVersion(
        id=VersionId(namespace=job["namespace"], name=job["name"], version=version),
        name=job["name"],
        created_at=row["created_at"],
        version=version,
        namespace=job["namespace"],
        location=row["location"],
        inputs=names_of(io.inputs + io.input_aliases),
        outputs=names_of(io.outputs + io.output_aliases),
        latest_run=run,
    )


def names_of(datasets: Sequence[DatasetName]) -> list[Name]:
    """Return datasets as a job has them."""
    return [Name(**dataset._asdict()) for dataset in sorted(datasets)]
