-- All runs of a pipeline run, in the order in which they began.
SELECT * FROM lineage.run_timeline(%(pipeline_run_id)s)
