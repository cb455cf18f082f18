-- What the nodes of datasets show of their facets.
SELECT owner_id, name, value FROM lineage_api.facets
WHERE owner = 'dataset' AND owner_id = ANY (%(ids)b::bigint[])
  AND name IN ('schema', 'dataSource')
