-- A source.
SELECT * FROM lineage_api.sources WHERE name = %(name)s
