-- Adds the events of a batch to those of their days.
INSERT INTO lineage_store.event_days AS known (day, partition_id, events, bytes)
SELECT batch.day, batch.partition_id, batch.events, batch.bytes
FROM unnest(
    %(day)b::date[], %(partition_id)b::integer[], %(events)b::bigint[], %(bytes)b::bigint[]
) AS batch (day, partition_id, events, bytes)
ORDER BY batch.day, batch.partition_id
ON CONFLICT (day, partition_id) DO UPDATE
SET events = known.events + excluded.events, bytes = known.bytes + excluded.bytes
