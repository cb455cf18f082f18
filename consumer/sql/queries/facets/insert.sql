-- Versions of facets.
INSERT INTO lineage_store.facet_versions (
    owner, owner_id, name, value_hash, is_deleted,
    first_event_at, first_event_hash, last_event_at, last_event_hash, ended_at
)
SELECT * FROM unnest(
    %(owner)b::lineage_store.facet_owner[], %(owner_id)b::bigint[], %(name)b::text[],
    %(value_hash)b::uuid[], %(is_deleted)b::boolean[],
    %(first_event_at)b::timestamptz[], %(first_event_hash)b::uuid[],
    %(last_event_at)b::timestamptz[], %(last_event_hash)b::uuid[],
    %(ended_at)b::timestamptz[]
)
