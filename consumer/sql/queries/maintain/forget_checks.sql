-- The results of the checks of runs that are forgotten.
DELETE FROM lineage_store.quality_checks WHERE run_id = ANY (%(ids)b::uuid[])
