-- The ids of jobs that are known.
SELECT key, id FROM lineage_store.jobs WHERE key = ANY (%(key)b::uuid[])
