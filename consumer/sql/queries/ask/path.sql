-- A shortest way from one dataset or job to another.
SELECT * FROM lineage.path(
    NULL, %(namespace)s, %(name)s, NULL, %(to_namespace)s, %(to_name)s
)
