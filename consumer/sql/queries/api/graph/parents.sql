-- The parents of runs, by the keys of the runs.
SELECT * FROM lineage_api.parents(%(runs)b::uuid[])
