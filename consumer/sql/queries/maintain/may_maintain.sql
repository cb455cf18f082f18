-- Whether this user may make and drop partitions.
SELECT pg_has_role(relowner, 'USAGE') AND has_schema_privilege(relnamespace, 'CREATE')
FROM pg_class WHERE oid = 'lineage_store.events'::regclass
