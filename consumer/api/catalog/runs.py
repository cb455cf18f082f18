"""Finds runs by their keys, and the latest of jobs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from consumer.api.catalog.run_events import SIDES, RunEvents, Use, merged
from consumer.api.catalog.versions import DatasetName, dataset_version, job_version
from consumer.api.shapes import DatasetVersionRef, Facets, Run, VersionId
from consumer.api.statements import arguments_of, is_created
from consumer.query.reader import Row, Snapshot
from consumer.rows.keys import key_of

# States as Marquez has them; a run that told nothing but OTHER events is taken to run.
STATES = {"COMPLETE": "COMPLETED", "FAIL": "FAILED", "ABORT": "ABORTED"}
RUNNING, NEW = "RUNNING", "NEW"
NO_EVENTS = RunEvents()
EPOCH = datetime.fromtimestamp(0, timezone.utc)

Reads = dict[tuple[UUID, int], UUID | None]


@dataclass
class Io:
    """What a run read and wrote; `aliases` are other names of these."""

    inputs: list[DatasetName] = field(default_factory=list)
    outputs: list[DatasetName] = field(default_factory=list)
    input_aliases: list[DatasetName] = field(default_factory=list)
    output_aliases: list[DatasetName] = field(default_factory=list)


def latest_runs(
    snapshot: Snapshot, jobs: Sequence[tuple[int, str]], limit: int
) -> list[list[UUID]]:
    """Return the keys of the latest runs of each of some jobs, the latest first.

    A job is its id in the store and its name as the API has it.
    """
    found: list[list[UUID]] = [[] for _ in jobs]
    if jobs:
        ids, names = map(list, zip(*jobs, strict=True))
        for row in snapshot.rows("api/runs/latest", job_ids=ids, names=names, limit=limit):
            found[row["number"] - 1].append(row["id"])
    return found


def find_runs(
    snapshot: Snapshot, keys: Iterable[UUID], io: dict[UUID, Io] | None = None, whole: bool = True
) -> dict[UUID, Run]:
    """Return runs by their keys; those that the store does not know are missing.

    `io` is what `find_io` returned for them, where that is known. Of a run that is not whole the
    facets are left out, and which versions it read and wrote: they are in its events, and reading
    those takes most of the time.
    """
    ids = list(set(keys))
    if not ids:
        return {}
    rows = snapshot.rows("api/runs/by_ids", ids=ids)
    datasets = find_io(snapshot, ids) if io is None else io
    events = find_events(snapshot, ids) if whole else {}
    reads = _versions_read(snapshot, events)
    return {
        row["id"]: _run(row, events.get(row["id"], NO_EVENTS), datasets[row["id"]], reads)
        for row in rows
    }


def find_events(snapshot: Snapshot, ids: Sequence[UUID]) -> dict[UUID, RunEvents]:
    """Return the events of runs by the runs' keys."""
    found: dict[UUID, RunEvents] = defaultdict(RunEvents)
    for row in snapshot.rows("api/runs/events", ids=list(ids)):
        found[row["id"]].add(row["event_time"], row["body"])
    return found


def version_of_job(row: Row, datasets: Io) -> VersionId | None:
    """Return the version of a run's job, which is known once the run has ended."""
    if row["state"] not in STATES or not row["has_events"]:
        return None
    version = job_version(
        row["namespace"], row["name"], row["location"], datasets.inputs, datasets.outputs
    )
    return VersionId(namespace=row["namespace"], name=row["name"], version=version)


def written(events: RunEvents, run: UUID) -> Iterator[tuple[Use, UUID]]:
    """Yield each use of an output, and which version of it the run wrote then."""
    uses = list(events.uses("outputs"))
    last = {use.dataset: use.schema for use in uses}
    for use in uses:
        earlier = None if use.schema == last[use.dataset] else use.schema
        yield use, dataset_version(use.dataset, run, earlier)


def _run(row: Row, events: RunEvents, datasets: Io, reads: Reads) -> Run:
    started, ended = row["started_at"], row["ended_at"]
    inputs = (
        (use, dataset_version(use.dataset, reads.get((row["id"], number))))
        for number, use in enumerate(events.uses("inputs"))
    )
    facets = events.run_facets
    return Run(
        id=row["run_id"],
        created_at=row["first_event_at"],
        updated_at=row["last_event_at"],
        nominal_start_time=row["nominal_start_time"],
        nominal_end_time=row["nominal_end_time"],
        state=_state(row["state"], facets),
        started_at=started,
        ended_at=ended,
        duration_ms=_milliseconds(started, ended),
        args=events.arguments | arguments_of(facets),
        job_version=version_of_job(row, datasets),
        input_dataset_versions=_versions(inputs, "inputs"),
        output_dataset_versions=_versions(written(events, row["id"]), "outputs"),
        facets=facets,
    )


def _state(state: str | None, facets: Facets) -> Any:
    return NEW if state == "OTHER" and is_created(facets) else state_of(state)


def _milliseconds(start: datetime | None, end: datetime | None) -> int | None:
    """Return the time between two, each without what is less than a millisecond, as Marquez."""
    if start is None or end is None:
        return None
    whole = timedelta(milliseconds=1)
    return (end - EPOCH) // whole - (start - EPOCH) // whole


def state_of(state: str | None) -> Any:
    """Return Marquez's name of a state; a run of which nothing was told is new."""
    return NEW if state is None else STATES.get(state, RUNNING)


def _versions(uses: Iterable[tuple[Use, UUID]], side: str) -> list[DatasetVersionRef]:
    found: dict[tuple[DatasetName, UUID], list[Any]] = defaultdict(list)
    for use, version in uses:
        found[use.dataset, version].append(use.described.get(SIDES[side]))
    return [
        DatasetVersionRef(
            dataset_version_id=VersionId(**dataset._asdict(), version=version),
            facets=merged(facets),
        )
        for (dataset, version), facets in found.items()
    ]


def find_io(snapshot: Snapshot, ids: Sequence[UUID]) -> dict[UUID, Io]:
    """Return what runs read and wrote, by their keys."""
    found: dict[UUID, Io] = defaultdict(Io)
    if not ids:
        return found
    for row in snapshot.rows("api/runs/io", ids=ids):
        io, name = found[row["id"]], DatasetName(row["namespace"], row["name"])
        if row["is_output"]:
            (io.output_aliases if row["is_alias"] else io.outputs).append(name)
        else:
            (io.input_aliases if row["is_alias"] else io.inputs).append(name)
    return found


def _versions_read(snapshot: Snapshot, events: dict[UUID, RunEvents]) -> Reads:
    """Return which run had written what each event reads, by run and number of the use."""
    uses = [
        (run, number, use)
        for run, each in events.items()
        for number, use in enumerate(each.uses("inputs"))
    ]
    if not uses:
        return {}
    keys = [key_of(*use.dataset) for _, _, use in uses]
    times = [use.time for _, _, use in uses]
    rows = snapshot.rows("api/datasets/writers_at", keys=keys, times=times)
    return {uses[row["number"] - 1][:2]: row["id"] for row in rows}
