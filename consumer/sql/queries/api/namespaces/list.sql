-- Namespaces by name.
SELECT * FROM lineage_api.namespaces
WHERE NOT is_hidden
ORDER BY name
LIMIT %(limit)s OFFSET %(offset)s
