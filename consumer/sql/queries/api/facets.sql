-- The facets of jobs or datasets, as they stand; those of some names where these are given.
SELECT owner_id, name, value FROM lineage_api.facets
WHERE owner = %(owner)s AND owner_id = ANY (%(ids)b::bigint[])
  AND (name = ANY (%(names)b::text[]) OR %(names)b::text[] IS NULL)
