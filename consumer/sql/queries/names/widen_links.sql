-- The times of joins that were stated before.
WITH batch AS (
    SELECT link.ctid AS place, said.first_event_at, said.last_event_at
    FROM unnest(
        %(from_id)b::bigint[], %(to_id)b::bigint[], %(kind)b::lineage_store.link_kind[],
        %(first_event_at)b::timestamptz[], %(last_event_at)b::timestamptz[]
    ) AS said (from_id, to_id, kind, first_event_at, last_event_at)
    JOIN lineage_store.dataset_links AS link USING (from_id, to_id, kind)
    WHERE said.first_event_at < link.first_event_at OR said.last_event_at > link.last_event_at
    ORDER BY from_id, to_id, kind
    FOR NO KEY UPDATE OF link
)
UPDATE lineage_store.dataset_links AS link
SET first_event_at = least(link.first_event_at, batch.first_event_at),
    last_event_at = greatest(link.last_event_at, batch.last_event_at)
FROM batch WHERE link.ctid = batch.place
