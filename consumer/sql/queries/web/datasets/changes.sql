-- The latest changes of a dataset's schema.
SELECT changed_at, change, field, type_before, type_after
FROM lineage.schema_changes(%(namespace)s, %(name)s)
ORDER BY changed_at DESC, field
LIMIT %(limit)s
