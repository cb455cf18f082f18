-- The keys of the events of a job, or of all jobs of a name, in a time, in its order.
SELECT event.run_id, event.event_time, event.hash
FROM lineage_store.jobs AS job
JOIN lineage_store.events AS event ON event.job_id = job.id
WHERE job.name = %(name)s AND job.namespace = coalesce(%(namespace)s, job.namespace)
  AND event.event_time >= coalesce(%(since)s, '-infinity'::timestamptz)
  AND event.event_time < coalesce(%(until)s, 'infinity'::timestamptz)
ORDER BY event.event_time, event.pack_id, event.place
