-- The task instances of a DAG run.
SELECT
    task_id, map_index, tries, state, state_source, operator,
    coalesce(started_at, first_event_at) AS started_at, ended_at,
    extract(epoch FROM duration)::float8 AS seconds, run_id
FROM lineage.task_runs
WHERE dag_run_id = %(run_id)s
ORDER BY coalesce(started_at, first_event_at) NULLS LAST, task_id, map_index
