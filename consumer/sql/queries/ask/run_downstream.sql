-- Which runs read what a run wrote.
SELECT * FROM lineage.run_downstream(%(run_id)s, %(depth)s)
