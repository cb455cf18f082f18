-- A shortest way from one dataset or job to another.
SELECT * FROM lineage.path(
    %(kind)s, %(namespace)s, %(name)s, %(to_kind)s, %(to_namespace)s, %(to_name)s
)
