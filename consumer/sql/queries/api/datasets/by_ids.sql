-- Datasets by their ids.
SELECT * FROM lineage_api.datasets_by_ids(%(ids)b::bigint[])
