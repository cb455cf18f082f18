-- Datasets whose facets are changed, one transaction after the other.
SELECT id FROM lineage_store.datasets WHERE id = ANY (%(id)b::bigint[]) ORDER BY id FOR NO KEY UPDATE
