-- The tasks that a DAG run's end waited for, last first.
SELECT task_id, map_index, run_id, extract(epoch FROM wait)::float8 AS wait_seconds
FROM lineage.critical_path(%(run_id)s)
