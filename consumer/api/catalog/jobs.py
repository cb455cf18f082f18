"""Finds jobs by their names or ids, with their latest runs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from consumer.api.catalog.job_versions import names_of
from consumer.api.catalog.runs import Io, find_io, find_runs, latest_runs
from consumer.api.catalog.tags import tags_of
from consumer.api.shapes import Facets, Job, JobType, Run
from consumer.query.reader import Row, Snapshot
from consumer.rows.keys import NO_RUN
from openlineage_avro.event.access import at

LATEST_RUNS = 10
ENDED = ("COMPLETED", "FAILED", "ABORTED")


def rows_by_names(snapshot: Snapshot, names: Iterable[tuple[str, str]]) -> list[Row]:
    """Return the rows of lineage_api.jobs for (namespace, name) as the API has them."""
    asked = list(names)
    if not asked:
        return []
    return snapshot.rows(
        "api/jobs/by_names",
        namespaces=[namespace for namespace, _ in asked],
        names=[name for _, name in asked],
        own_names=sorted({end for _, name in asked for end in _ends(name)}),
    )


def rows_by_ids(snapshot: Snapshot, ids: Iterable[int]) -> list[Row]:
    """Return the rows of lineage_api.jobs for ids of lineage_store.jobs: one for each name."""
    return snapshot.rows("api/jobs/by_ids", ids=list(ids))


def jobs(snapshot: Snapshot, rows: Sequence[Row]) -> list[Job]:
    """Return jobs as they are listed, in the order of their rows."""
    latest = _latest(snapshot, rows)
    ids = [row["id"] for row in rows]
    facets = facets_of(snapshot, "job", ids)
    tags = tags_of(snapshot, ids)
    return [
        _job(row, each, facets[row["id"]], tags[row["id"], ""])
        for row, each in zip(rows, latest, strict=True)
    ]


def facets_of(
    snapshot: Snapshot, owner: str, ids: Sequence[int], names: list[str] | None = None
) -> dict[int, Facets]:
    """Return the facets of jobs or datasets (`owner`) as they stand, by ids.

    With `names` those of these names alone.
    """
    found: dict[int, Facets] = defaultdict(dict)
    for row in snapshot.rows("api/facets", owner=owner, ids=list(ids), names=names):
        found[row["owner_id"]][row["name"]] = row["value"]
    return found


class Latest(NamedTuple):
    """The latest runs of a job, and what it reads and writes."""

    runs: list[Run]
    io: Io


def _latest(snapshot: Snapshot, rows: Sequence[Row]) -> list[Latest]:
    keys = latest_runs(snapshot, [(row["id"], row["name"]) for row in rows], LATEST_RUNS)
    known = [key for each in keys for key in each]
    io = find_io(snapshot, known)
    runs = find_runs(snapshot, known, io)
    return [Latest([runs[key] for key in each], io[_telling(each, runs)]) for each in keys]


def _telling(keys: list[UUID], runs: dict[UUID, Run]) -> UUID:
    """Return the run that tells what a job reads and writes: one that is open may tell it yet."""
    ended = (key for key in keys if runs[key].state in ENDED)
    return next(ended, None) or next(iter(keys), NO_RUN)


def _job(row: Row, latest: Latest, facets: Facets, tags: list[str]) -> Job:
    version = next((run.job_version for run in latest.runs if run.job_version), None)
    io = latest.io
    return Job(
        **members_of(row),
        inputs=names_of(io.inputs + io.input_aliases),
        outputs=names_of(io.outputs + io.output_aliases),
        latest_run=latest.runs[0] if latest.runs else None,
        latest_runs=latest.runs or None,
        facets=facets if version else {},
        current_version=version.version if version else None,
        labels=list(_labels(facets)) if version else [],
        tags=tags,
    )


def members_of(row: Row) -> dict[str, Any]:
    """Return the members of JobData for a row of lineage_api.jobs, but for runs and datasets."""
    parent, name, namespace = row["parent_name"], row["name"], row["namespace"]
    return {
        "id": {"namespace": namespace, "name": name},
        "type": _type(row["processing_type"]),
        "name": name,
        "simpleName": name.removeprefix(f"{parent}.") if parent else name,
        "parentJobName": parent,
        "parentJobUuid": row["parent_uuid"] and str(row["parent_uuid"]),
        "createdAt": row["first_event_at"],
        "updatedAt": row["last_event_at"],
        "namespace": namespace,
        "location": row["location"],
        "description": row["description"],
    }


def _labels(facets: Facets) -> Iterator[str]:
    for key in ("jobType", "integration"):
        if isinstance(label := at(facets, "jobType", key), str):
            yield label


def _type(processing_type: str | None) -> JobType:
    return "STREAM" if processing_type == "STREAMING" else "BATCH"


def _ends(name: str) -> Iterator[str]:
    """Yield a name, and what follows each of its dots."""
    yield name
    while "." in name:
        name = name.split(".", 1)[1]
        yield name
