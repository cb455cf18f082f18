-- The keys of a run's events in a time, in its order.
SELECT event.run_id, event.event_time, event.hash
FROM lineage_store.runs AS run
JOIN lineage_store.events AS event ON event.run_id = run.id
WHERE coalesce(run.run_id, run.id::text) = lineage_store.as_run_id(%(name)s)
  AND event.event_time >= coalesce(%(since)s, '-infinity'::timestamptz)
  AND event.event_time < coalesce(%(until)s, 'infinity'::timestamptz)
ORDER BY event.event_time, event.pack_id, event.place
