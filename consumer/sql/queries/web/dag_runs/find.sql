-- A DAG run by its OpenLineage run_id, or by that of one of its tasks' runs.
SELECT
    run_id, job_namespace, dag_id, airflow_run_id, state, pipeline_run_id,
    coalesce(started_at, first_event_at) AS started_at, ended_at, last_event_at,
    extract(epoch FROM duration)::float8 AS seconds, nominal_start_time, error_message AS error,
    task_graph_id
FROM lineage.dag_runs
WHERE run_id = (
    SELECT CASE WHEN is_dag_run OR task_id IS NULL THEN run_id ELSE parent_run_id END
    FROM lineage.runs WHERE run_id = %(run_id)s
)
