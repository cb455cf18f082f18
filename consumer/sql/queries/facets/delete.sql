-- Versions that are other ones now.
DELETE FROM lineage_store.facet_versions AS known
USING unnest(
    %(owner)b::lineage_store.facet_owner[], %(owner_id)b::bigint[], %(name)b::text[],
    %(first_event_at)b::timestamptz[], %(first_event_hash)b::uuid[]
) AS gone (owner, owner_id, name, first_event_at, first_event_hash)
WHERE known.owner = gone.owner AND known.owner_id = gone.owner_id AND known.name = gone.name
  AND known.first_event_at = gone.first_event_at
  AND known.first_event_hash = gone.first_event_hash
