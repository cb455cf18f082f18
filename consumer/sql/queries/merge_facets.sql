-- The facets of a batch, at most one of each name for each owner; those that now hold.
INSERT INTO lineage_store.facets AS facet (
    owner, owner_id, name, value_hash, is_deleted, event_time, event_hash
)
SELECT * FROM unnest(
    %(owner)s::lineage_store.facet_owner[], %(owner_id)s::bigint[], %(name)s::text[],
    %(value_hash)s::uuid[], %(is_deleted)s::boolean[], %(event_time)s::timestamptz[],
    %(event_hash)s::uuid[]
)
ON CONFLICT (owner, owner_id, name) DO UPDATE
SET value_hash = excluded.value_hash,
    is_deleted = excluded.is_deleted,
    event_time = excluded.event_time,
    event_hash = excluded.event_hash
WHERE (excluded.event_time, excluded.event_hash) > (facet.event_time, facet.event_hash)
RETURNING facet.owner::text, facet.owner_id, facet.name
