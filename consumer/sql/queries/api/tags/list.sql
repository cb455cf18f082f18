-- Tags by name.
SELECT name, description FROM lineage_api.tags ORDER BY name LIMIT %(limit)s OFFSET %(offset)s
