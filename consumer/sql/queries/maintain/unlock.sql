-- Others may maintain the store.
SELECT pg_advisory_unlock(hashtextextended('lineage_store.maintain', 0))
