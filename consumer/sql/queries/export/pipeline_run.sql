-- The keys of the events of a pipeline run's runs in a time, in its order.
SELECT event.run_id, event.event_time, event.hash
FROM lineage.runs AS shown
JOIN lineage_store.runs AS run ON coalesce(run.run_id, run.id::text) = shown.run_id
JOIN lineage_store.events AS event ON event.run_id = run.id
WHERE shown.pipeline_run_id = %(name)s
  AND event.event_time >= coalesce(%(since)s, '-infinity'::timestamptz)
  AND event.event_time < coalesce(%(until)s, 'infinity'::timestamptz)
ORDER BY event.event_time, event.pack_id, event.place
