-- When columns of a dataset appeared, went or changed their type.
SELECT * FROM lineage.schema_changes(%(namespace)s, %(name)s)
