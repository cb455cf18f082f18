-- Whether an earlier rebuild has left its schema.
SELECT to_regclass('lineage_rebuild.begun') IS NOT NULL
