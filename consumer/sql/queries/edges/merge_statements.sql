-- When facets were last stated and last deleted.
INSERT INTO lineage_store.facet_statements AS known (owner_id, facet, stated_at, deleted_at)
SELECT * FROM unnest(
    %(owner_id)b::bigint[], %(facet)b::text[], %(stated_at)b::timestamptz[],
    %(deleted_at)b::timestamptz[]
) AS batch (owner_id, facet)
ORDER BY owner_id, facet COLLATE "C"
ON CONFLICT (owner_id, facet) DO UPDATE
SET stated_at = greatest(known.stated_at, excluded.stated_at),
    deleted_at = greatest(known.deleted_at, excluded.deleted_at)
