-- The newest migration that this database has.
SELECT version FROM lineage_api.schema_version
