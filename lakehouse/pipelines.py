"""Which pipeline run each run belongs to, asked of the table of runs: SQL for Spark and DuckDB.

The rules are PostgreSQL's (consumer/sql/views/15_pipeline.sql): the one that the run's own events
name; else that of the nearest run above it that names one; else the first that is named under the
topmost run above it. Above a run is its parent, or without one the run it depends on.

Every run points at a run above it. A step has each point where that one points, so the way to the
topmost run halves: a chain of a thousand runs takes ten. Runs that link in a circle never arrive;
they and what is under them take what is named on the way to it.
"""

from collections.abc import Callable

# name: what the run or the nearest above it names, as far as it has looked; points_at: a run above
# it, until it has arrived at the topmost, top.
FIRST = """
SELECT run_id, own_pipeline_run_id AS name,
    nullif(coalesce(parent_run_id, upstream_run_id), run_id) AS points_at,
    CASE WHEN coalesce(parent_run_id, upstream_run_id, run_id) = run_id THEN run_id END AS top
FROM lineage.runs
"""
STEP = """
SELECT run.run_id, coalesce(run.name, above.name) AS name, above.points_at,
    CASE WHEN run.points_at IS NULL THEN run.top WHEN above.run_id IS NULL THEN run.points_at
        ELSE above.top END AS top
FROM {pointers} AS run LEFT JOIN {pointers} AS above ON above.run_id = run.points_at
"""
LEFT = "SELECT count(*) FROM {pointers} WHERE points_at IS NOT NULL"
RUNS = """
SELECT run.*, coalesce(pointer.name, adopted.name) AS pipeline_run_id
FROM lineage.runs AS run
JOIN {pointers} AS pointer ON pointer.run_id = run.run_id
LEFT JOIN (
    SELECT pointer.top, min_by(
        named.own_pipeline_run_id, (named.first_event_at, named.own_pipeline_run_id)
    ) AS name
    FROM lineage.runs AS named JOIN {pointers} AS pointer ON pointer.run_id = named.run_id
    WHERE named.own_pipeline_run_id IS NOT NULL
    GROUP BY pointer.top
) AS adopted ON adopted.top = pointer.top
"""


def runs_with_pipeline(keep: Callable[[str, str], None], count: Callable[[str], int]) -> str:
    """Return the query of the runs with their `pipeline_run_id`, after making what it reads.

    `keep` makes a table, under a name, of what a query finds; `count` returns a query's number.
    """
    number, query, left = 0, FIRST, -1
    while True:
        name = f"pointers_{number}"
        keep(name, query)
        before, left = left, count(LEFT.format(pointers=name))
        if left in (0, before):  # before: only circles are left
            return RUNS.format(pointers=name)
        number, query = number + 1, STEP.format(pointers=name)
