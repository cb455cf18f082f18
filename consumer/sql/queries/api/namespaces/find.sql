-- A namespace.
SELECT * FROM lineage_api.namespaces WHERE name = %(name)s AND NOT is_hidden
