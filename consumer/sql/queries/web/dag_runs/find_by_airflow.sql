-- The OpenLineage run_id of a DAG run that Airflow names; the latest, where several Airflows have it.
SELECT run_id
FROM lineage.dag_runs
WHERE dag_id = %(dag_id)s AND airflow_run_id = %(airflow_run_id)s
  AND job_namespace = coalesce(%(namespace)s, job_namespace)
ORDER BY first_event_at DESC NULLS LAST
LIMIT 1
