-- Which of these events are stored already.
SELECT event.hash
FROM unnest(%(event_time)b::timestamptz[], %(hash)b::uuid[]) AS batch (event_time, hash)
JOIN lineage_store.events AS event USING (event_time, hash)
