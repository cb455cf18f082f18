"""Merges what events say of runs, and what follows for the families of runs."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from consumer.rows.rows import Rows
from consumer.sql import query
from consumer.store.database import Connection, send
from consumer.store.ids import Ids


class ClaimRow(NamedTuple):
    """What one event says of one run, with the store's ids."""

    run_id: int
    job_rank: int
    job_id: int
    event_time: datetime
    event_hash: UUID
    event_type: str | None
    is_dag_run: bool
    task_graph: UUID | None


def merge_runs(connection: Connection, rows: Rows, ids: Ids) -> list[int]:
    """Merge what events say of runs; return the ids of runs whose first event is another now."""
    claims = [
        ClaimRow(
            run_id=ids.runs[claim.run],
            job_rank=claim.job_rank,
            job_id=ids.jobs[claim.job],
            event_time=claim.event_time,
            event_hash=claim.event_hash,
            event_type=claim.event_type,
            is_dag_run=claim.is_dag_run,
            task_graph=claim.task_graph,
        )
        for claim in rows.run_claims
    ]
    answer = send(connection, "runs/merge", claims)
    return [run for run, has_another_first_event in answer if has_another_first_event]


def refresh_runs(connection: Connection, changed: set[int], moved: list[int]) -> None:
    """Set the columns that come from facets, and carry pipeline run ids through families.

    `changed` are the runs with other facets now, `moved` those whose first event is another now.
    """
    relinked: set[int] = set()
    if changed:
        answer = connection.execute(query("runs/refresh"), {"ids": sorted(changed)})
        for run, old_parent, is_relinked in answer:
            if is_relinked:
                relinked.add(run)
            if is_relinked and old_parent is not None:
                relinked.add(old_parent)
    if relinked or moved:
        parameters = {"relinked": sorted(relinked), "moved": moved}
        connection.execute(query("runs/propagate_pipeline_run_id"), parameters)
