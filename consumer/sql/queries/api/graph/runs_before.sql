-- The runs that wrote what a run read, and so on: (depth, run_id, dataset_id, writer_id).
SELECT * FROM lineage_api.runs_before(%(run)s, %(depth)s)
