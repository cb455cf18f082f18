-- Let one transaction at a time decide on the lives of partitions.
SELECT pg_advisory_xact_lock(hashtext('lineage_store.partitions'))
