-- The facets of a batch, at most one of each name for each owner; whose facets changed.
INSERT INTO lineage_store.facets AS facet (
    owner, owner_id, name, value_hash, is_deleted, event_time, event_hash
)
SELECT * FROM unnest(
    %(owner)b::lineage_store.facet_owner[], %(owner_id)b::bigint[], %(name)b::text[],
    %(value_hash)b::uuid[], %(is_deleted)b::boolean[], %(event_time)b::timestamptz[],
    %(event_hash)b::uuid[]
)
ON CONFLICT (owner, owner_id, name) DO UPDATE
SET value_hash = excluded.value_hash,
    is_deleted = excluded.is_deleted,
    event_time = excluded.event_time,
    event_hash = excluded.event_hash
WHERE (excluded.event_time, excluded.event_hash) > (facet.event_time, facet.event_hash)
RETURNING facet.owner::text, facet.owner_id
