"""Merges what events say of runs, of what they read and wrote, and of their families."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from consumer.rows.rows import Rows
from consumer.rows.runs import COLUMNS, RunRow
from consumer.sql import query
from consumer.store.database import Connection, send, send_columns
from consumer.store.ids import Ids


class Key(NamedTuple):
    """What identifies a run."""

    id: UUID


class Member(NamedTuple):
    """What of a run decides which pipeline run it and others belong to."""

    link: UUID | None
    pipeline: str | None
    first_event_at: datetime | None


class DagRunRow(NamedTuple):
    """A row of lineage_store.dag_runs."""

    run_id: UUID
    task_graph: UUID | None
    tasks: str | None
    tasks_event_at: datetime | None
    tasks_event_hash: UUID | None


class RunIoRow(NamedTuple):
    """A row of lineage_store.run_io."""

    run_id: UUID
    dataset_id: int
    is_output: bool
    last_event_at: datetime
    rows: int | None
    bytes: int | None
    files: int | None


class CheckRow(NamedTuple):
    """A row of lineage_store.quality_checks."""

    key: UUID
    run_id: UUID
    dataset_id: int | None
    assertion: str
    column_name: str | None
    success: bool | None
    severity: str | None
    event_time: datetime


def write_runs(connection: Connection, rows: Rows, ids: Ids) -> None:
    """Merge what events say of runs, and bring their families up to date."""
    runs = sorted(rows.runs.values(), key=lambda row: row.id)
    if not runs:
        return
    settings = sorted(rows.task_settings.values(), key=lambda each: each.hash)
    send(connection, "runs/insert_task_settings", settings)
    before = _members(send(connection, "runs/lock", [Key(run.id) for run in runs]))
    after = _members(send_columns(connection, "runs/merge", _columns(runs, ids)))
    changed, left = [], []
    for run, member in after.items():
        known = before.get(run)
        if _is_other(known, member):
            changed.append(run)
        if known and known.link and known.link != member.link:
            left.append(known.link)
    if changed:
        connection.execute(query("runs/relink"), {"changed": changed, "left": left})


def write_dag_runs(connection: Connection, rows: Rows) -> None:
    """Merge what events say of the tasks of DAG runs."""
    dag_runs = [
        DagRunRow(
            run_id=run,
            task_graph=each.task_graph,
            tasks=each.tasks,
            tasks_event_at=each.tasks_at.time if each.tasks_at else None,
            tasks_event_hash=each.tasks_at.hash if each.tasks_at else None,
        )
        for run, each in sorted(rows.dag_runs.items())
    ]
    send(connection, "runs/merge_dag_runs", dag_runs)


def write_run_io(connection: Connection, rows: Rows, ids: Ids) -> None:
    """Merge what runs read and wrote."""
    run_io = [
        RunIoRow(io.owner, ids.datasets[io.dataset], io.is_output, told.last_event_at, *told.counts)
        for io, told in rows.run_io.items()
    ]
    send(connection, "runs/merge_io", sorted(run_io, key=lambda row: row[:3]))


def write_checks(connection: Connection, rows: Rows, ids: Ids) -> None:
    """Merge what checks found."""
    checks = [
        CheckRow(
            key=key,
            run_id=row.run_id,
            dataset_id=ids.datasets[row.dataset] if row.dataset else None,
            assertion=row.check.assertion,
            column_name=row.check.column_name,
            success=row.check.success,
            severity=row.check.severity,
            event_time=row.event_time,
        )
        for key, row in sorted(rows.checks.items())
    ]
    send(connection, "runs/merge_checks", checks)


def _columns(runs: list[RunRow], ids: Ids) -> dict[str, list[object]]:
    columns: dict[str, list[object]] = {
        name: [getattr(run, name) for run in runs] for name in COLUMNS
    }
    columns["job_id"] = [ids.jobs[run.job] if run.job else None for run in runs]
    del columns["job"]
    return columns


def _members(answer: list[tuple[Any, ...]]) -> dict[UUID, Member]:
    return {row[0]: Member(*row[1:]) for row in answer}


def _is_other(before: Member | None, after: Member) -> bool:
    """Tell whether another pipeline run may follow for the run or for others."""
    if before is None:
        return after.link is not None or after.pipeline is not None
    return before[:2] != after[:2] or (after.pipeline is not None and before != after)
