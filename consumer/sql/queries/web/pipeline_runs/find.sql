-- A pipeline run.
SELECT
    pipeline_run_id, state, runs, dag_runs, failed_runs, running_runs, first_event_at,
    last_event_at, extract(epoch FROM duration)::float8 AS seconds
FROM lineage.pipeline_runs
WHERE pipeline_run_id = %(pipeline_run_id)s
