-- Events by their keys, in the order of these: the JSON text, and the record's value where jsonb
-- cannot hold the event exactly.
SELECT event.bodies[event.place], event.raws[event.place]
FROM unnest(%(run_ids)s::uuid[], %(times)s::timestamptz[], %(hashes)s::uuid[])
    WITH ORDINALITY AS key (run_id, event_time, hash, number)
JOIN lineage_store.packed_events AS event
    ON event.run_id = key.run_id AND event.event_time = key.event_time AND event.hash = key.hash
ORDER BY key.number
