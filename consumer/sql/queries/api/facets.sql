-- The facets of jobs or datasets, as they stand.
SELECT owner_id, name, value FROM lineage_api.facets
WHERE owner = %(owner)s AND owner_id = ANY (%(ids)b::bigint[])
