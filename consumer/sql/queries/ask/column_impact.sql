-- All columns that depend on a column, with owners.
SELECT depth, namespace, name, field, owners, last_at, via
FROM lineage.column_impact(%(namespace)s, %(name)s, %(field)s)
