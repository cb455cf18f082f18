-- The tasks that made a DAG run as late as it was.
SELECT * FROM lineage.critical_path(%(run_id)s)
