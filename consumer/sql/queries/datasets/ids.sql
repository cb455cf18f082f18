-- The ids of datasets that are known.
SELECT key, id FROM lineage_store.datasets WHERE key = ANY (%(key)b::uuid[])
