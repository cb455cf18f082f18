-- The columns that a column comes from (negative depth) and those that depend on it.
SELECT -depth AS depth, namespace, name, field, via, type, subtype, masking
FROM lineage.column_upstream(%(namespace)s, %(name)s, %(field)s)
UNION ALL
SELECT depth, namespace, name, field, via, type, subtype, masking
FROM lineage.column_downstream(%(namespace)s, %(name)s, %(field)s)
ORDER BY depth, name, field
LIMIT %(limit)s
