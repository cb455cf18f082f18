-- The datasets of a namespace by name.
SELECT * FROM lineage_api.datasets
WHERE namespace = %(namespace)s
ORDER BY name
LIMIT %(limit)s OFFSET %(offset)s
