-- Sources by name.
SELECT * FROM lineage_api.sources ORDER BY name LIMIT %(limit)s OFFSET %(offset)s
