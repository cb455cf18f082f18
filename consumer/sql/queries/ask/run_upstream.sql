-- Which runs wrote what a run read.
SELECT * FROM lineage.run_upstream(%(run_id)s, %(depth)s)
