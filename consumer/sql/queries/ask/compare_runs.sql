-- What differs between two runs.
SELECT * FROM lineage.compare_runs(%(run_id)s, %(other_run_id)s)
