"""Finds the store's ids of all that a batch names, and inserts what is new."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVar
from uuid import UUID

from consumer.rows.rows import Io, Rows
from consumer.store.database import Connection, send

Key = TypeVar("Key", bound="UUID | Io")


@dataclass(frozen=True)
class Ids:
    """The ids by key."""

    runs: Mapping[UUID, int]
    jobs: Mapping[UUID, int]
    datasets: Mapping[UUID, int]
    run_io: Mapping[Io, int]
    job_io: Mapping[Io, int]


class RunRow(NamedTuple):
    """What lineage_store.runs knows of a run before its events are merged."""

    key: UUID
    run_id: str


class NameRow(NamedTuple):
    """What lineage_store.jobs or datasets knows before facets are merged."""

    key: UUID
    namespace: str
    name: str


class RunIoRow(NamedTuple):
    """A row of lineage_store.run_io."""

    run_id: int
    dataset_id: int
    is_output: bool


class JobIoRow(NamedTuple):
    """A row of lineage_store.job_io."""

    job_id: int
    dataset_id: int
    is_output: bool
    first_event_at: datetime
    last_event_at: datetime


def find_ids(connection: Connection, rows: Rows) -> Ids:
    """Return the ids of a batch's runs, jobs and datasets, and of what those read and write."""
    run_rows = {key: RunRow(key, run_id) for key, run_id in rows.runs.items()}
    job_rows = {key: NameRow(key, *name) for key, name in rows.jobs.items()}
    dataset_rows = {key: NameRow(key, *name) for key, name in rows.datasets.items()}
    runs = _ids(connection, "runs/insert", "runs/ids", run_rows)
    jobs = _ids(connection, "jobs/insert", "jobs/ids", job_rows)
    datasets = _ids(connection, "datasets/insert", "datasets/ids", dataset_rows)
    run_io_rows = {io: RunIoRow(runs[io[0]], datasets[io[1]], io[2]) for io in rows.run_io}
    job_io_rows = {
        io: JobIoRow(
            job_id=jobs[io.owner],
            dataset_id=datasets[io.dataset],
            is_output=io.is_output,
            first_event_at=span.first,
            last_event_at=span.last,
        )
        for io, span in rows.job_io.items()
    }
    return Ids(
        runs=runs,
        jobs=jobs,
        datasets=datasets,
        run_io=_ids(connection, "runs/insert_io", "runs/io_ids", run_io_rows),
        job_io=_ids(connection, "jobs/merge_io", "jobs/io_ids", job_io_rows),
    )


def _ids(
    connection: Connection, insert: str, select: str, rows: Mapping[Key, NamedTuple]
) -> dict[Key, int]:
    """Return the ids of rows by their key, after inserting them with one query."""
    ordered = list(rows.values())
    send(connection, insert, ordered)
    answer = send(connection, select, ordered)
    return {key: row[0] for key, row in zip(rows, answer, strict=True)}
