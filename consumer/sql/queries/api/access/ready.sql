-- Whether the store is there, and this role may read it; and its newest migration.
SELECT count(*) AS found, (SELECT version FROM lineage_api.schema_version) AS version
FROM (SELECT FROM lineage.partitions LIMIT 1) AS one
