-- Consumers that start together migrate one after the other.
SELECT pg_advisory_xact_lock(hashtextextended('lineage_store.migrations', 0))
