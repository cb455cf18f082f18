-- The migrations that this database has.
SELECT version, hash FROM lineage_store.migrations
