-- Which of these events are stored already; each is looked up, whatever PostgreSQL believes of the
-- number of events that there are.
SELECT event.hash
FROM unnest(%(run_id)b::uuid[], %(event_time)b::timestamptz[], %(hash)b::uuid[])
    AS batch (run_id, event_time, hash)
CROSS JOIN LATERAL (
    SELECT stored.hash FROM lineage_store.events AS stored
    WHERE stored.run_id = batch.run_id AND stored.event_time = batch.event_time
      AND stored.hash = batch.hash
    OFFSET 0
) AS event
