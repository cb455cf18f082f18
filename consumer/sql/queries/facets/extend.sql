-- Versions that hold now and go on holding by what a batch says; returned: which.
UPDATE lineage_store.facet_versions AS known
SET last_event_at = CASE
        WHEN (batch.last_event_at, batch.last_event_hash)
           > (known.last_event_at, known.last_event_hash)
        THEN batch.last_event_at ELSE known.last_event_at
    END,
    last_event_hash = CASE
        WHEN (batch.last_event_at, batch.last_event_hash)
           > (known.last_event_at, known.last_event_hash)
        THEN batch.last_event_hash ELSE known.last_event_hash
    END
FROM unnest(
    %(owner)b::lineage_store.facet_owner[], %(owner_id)b::bigint[], %(name)b::text[],
    %(value_hash)b::uuid[], %(is_deleted)b::boolean[],
    %(first_event_at)b::timestamptz[], %(first_event_hash)b::uuid[],
    %(last_event_at)b::timestamptz[], %(last_event_hash)b::uuid[]
) AS batch (
    owner, owner_id, name, value_hash, is_deleted,
    first_event_at, first_event_hash, last_event_at, last_event_hash
)
WHERE known.owner = batch.owner AND known.owner_id = batch.owner_id AND known.name = batch.name
  AND known.ended_at IS NULL
  AND known.value_hash = batch.value_hash AND known.is_deleted = batch.is_deleted
  AND (batch.first_event_at, batch.first_event_hash)
      >= (known.first_event_at, known.first_event_hash)
RETURNING known.owner::text, known.owner_id, known.name
