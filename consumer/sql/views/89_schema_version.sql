-- The newest migration of this database, for whoever may read: a program that does not know it is
-- older than the database.
CREATE OR REPLACE VIEW lineage_api.schema_version AS
SELECT max(version) AS version FROM lineage_store.migrations;
