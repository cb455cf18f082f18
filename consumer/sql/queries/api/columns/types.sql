-- The type that each column of datasets has now.
SELECT * FROM lineage_api.column_types(%(datasets)s)
