-- The keys of all events of a time, in its order.
SELECT event.run_id, event.event_time, event.hash
FROM lineage_store.events AS event
WHERE event.event_time >= coalesce(%(since)s, '-infinity'::timestamptz)
  AND event.event_time < coalesce(%(until)s, 'infinity'::timestamptz)
ORDER BY event.event_time, event.pack_id, event.place
