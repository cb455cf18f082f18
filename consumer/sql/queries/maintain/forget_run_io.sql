-- What runs that are forgotten read and wrote.
DELETE FROM lineage_store.run_io WHERE run_id = ANY (%(ids)b::uuid[])
