-- Every DAG run ('' for its task) and task instance of these DAG runs whose end is stored.
SELECT DISTINCT airflow_run_id, coalesce(task_id, ''), coalesce(map_index, -1)
FROM lineage.runs
WHERE airflow_run_id = ANY(%(run_ids)s) AND ended_at IS NOT NULL;
