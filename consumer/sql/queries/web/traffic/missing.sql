-- Runs that miss events, the latest first.
SELECT missing, run_id, job_namespace, job_name, dag_id, airflow_run_id, task_id, airflow_state,
    since
FROM lineage.missing_events
ORDER BY since DESC NULLS LAST
LIMIT %(limit)s
