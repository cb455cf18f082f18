-- What is missing of the latest DAG runs, the latest first.
SELECT missing, run_id, job_namespace, job_name, dag_id, airflow_run_id, task_id, airflow_state,
    since
FROM lineage_api.latest_missing_events(%(looked_at)s, %(limit)s)
