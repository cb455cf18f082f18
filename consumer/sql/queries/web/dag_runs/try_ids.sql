-- The runs below a DAG run: the tries of its tasks.
SELECT run_id
FROM lineage.runs
WHERE parent_run_id = %(run_id)s AND task_id IS NOT NULL
