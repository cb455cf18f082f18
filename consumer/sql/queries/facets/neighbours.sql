-- The versions that what a batch says may touch: from the last that began before it to the first
-- that begins after it. They are locked, since another batch may be extending them.
SELECT
    known.owner::text, known.owner_id, known.name, known.value_hash, known.is_deleted,
    known.first_event_at, known.first_event_hash, known.last_event_at, known.last_event_hash,
    known.ended_at
FROM unnest(
    %(owner)b::lineage_store.facet_owner[], %(owner_id)b::bigint[], %(name)b::text[],
    %(first_event_at)b::timestamptz[], %(last_event_at)b::timestamptz[]
) AS batch (owner, owner_id, name, first_event_at, last_event_at)
CROSS JOIN LATERAL (
    SELECT max(version.first_event_at) AS first_event_at
    FROM lineage_store.facet_versions AS version
    WHERE version.owner = batch.owner AND version.owner_id = batch.owner_id
      AND version.name = batch.name AND version.first_event_at < batch.first_event_at
) AS before
CROSS JOIN LATERAL (
    SELECT min(version.first_event_at) AS first_event_at
    FROM lineage_store.facet_versions AS version
    WHERE version.owner = batch.owner AND version.owner_id = batch.owner_id
      AND version.name = batch.name AND version.first_event_at > batch.last_event_at
) AS after
JOIN lineage_store.facet_versions AS known
    ON known.owner = batch.owner AND known.owner_id = batch.owner_id AND known.name = batch.name
   AND known.first_event_at >= coalesce(before.first_event_at, '-infinity')
   AND known.first_event_at <= coalesce(after.first_event_at, 'infinity')
ORDER BY known.owner, known.owner_id, known.name, known.first_event_at, known.first_event_hash
FOR UPDATE OF known
