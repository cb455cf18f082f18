-- Datasets by their ids.
SELECT * FROM lineage_api.datasets WHERE id = ANY (%(ids)s)
