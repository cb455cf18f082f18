-- Each DAG run with its state and its pipeline run.
SELECT dag_id, state, tasks, failed_tasks AS failed, round(extract(epoch FROM duration), 1) AS seconds,
       pipeline_run_id
FROM lineage.dag_runs
WHERE airflow_run_id = ANY(%(run_ids)s)
ORDER BY first_event_at;
