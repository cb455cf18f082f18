-- Packs that were merged.
DELETE FROM lineage_store.event_packs AS pack
USING unnest(%(id)b::bigint[], %(event_time)b::timestamptz[]) AS part (id, event_time)
WHERE pack.id = part.id AND pack.event_time = part.event_time
