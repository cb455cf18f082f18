-- How facets say that their columns are made.
SELECT * FROM lineage_api.column_transformations(%(hashes)s)
