"""The run that a graph shows a job with: as Marquez does, that of its parent where it has one."""

from collections.abc import Sequence

from consumer.api.catalog.runs import find_runs, latest_runs, state_of
from consumer.api.shapes import Run
from consumer.query.reader import Row, Snapshot
from consumer.rows.keys import key_of

# Facets of more runs make an answer that no page can show.
MOST_WITH_FACETS = 200


def runs_of_graph(snapshot: Snapshot, rows: Sequence[Row]) -> list[Run | None]:
    """Return the run to show each job with; None for one without runs.

    `rows` are of lineage_api.jobs. In a large graph runs come without facets.
    """
    latest = latest_runs(snapshot, [(row["id"], row["name"]) for row in rows], 1)
    own = [each[0] if each else None for each in latest]
    below = [
        run for row, run in zip(rows, own, strict=True) if run is not None and row["parent_name"]
    ]
    parents = {row["run_id"]: row for row in snapshot.rows("api/graph/parents", runs=below)}
    shown = {
        run: parents[run]["parent_id"] if run in parents and parents[run]["is_own"] else run
        for run in own
        if run is not None
    }
    runs = find_runs(snapshot, set(shown.values()), whole=len(rows) <= MOST_WITH_FACETS)
    return [
        None
        if run is None
        else _told_by_children(parents[run])
        if run in parents and not parents[run]["is_own"]
        else runs.get(shown[run])
        for run in own
    ]


def _told_by_children(row: Row) -> Run:
    """Return a parent under a name that none of its own events has."""
    started, ended = row["started_at"], row["ended_at"]
    lasted = None if started is None or ended is None else ended - started
    key = key_of("parent run", row["namespace"], row["name"], str(row["parent_id"]))
    return Run(
        id=str(key),
        created_at=row["first_event_at"],
        updated_at=row["last_event_at"],
        nominal_start_time=None,
        nominal_end_time=None,
        state=state_of(row["state"]),
        started_at=started,
        ended_at=ended,
        duration_ms=None if lasted is None else round(lasted.total_seconds() * 1000),
        args={},
        job_version=None,
        input_dataset_versions=[],
        output_dataset_versions=[],
        facets={},
    )
