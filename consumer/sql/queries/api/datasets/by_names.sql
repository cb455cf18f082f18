-- Datasets by the keys of their names.
SELECT * FROM lineage_api.datasets WHERE key = ANY (%(keys)b::uuid[])
