-- The migrations that this database has.
SELECT version, replace(hash::text, '-', '') FROM lineage_store.migrations
