-- One process maintains a store at a time, as long as its session lasts.
SELECT pg_try_advisory_lock(hashtextextended('lineage_store.maintain', 0))
