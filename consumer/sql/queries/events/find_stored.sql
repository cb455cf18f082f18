-- Which of these events are stored already.
SELECT event.hash
FROM unnest(%(run_id)b::uuid[], %(event_time)b::timestamptz[], %(hash)b::uuid[])
    AS batch (run_id, event_time, hash)
JOIN lineage_store.events AS event USING (run_id, event_time, hash)
