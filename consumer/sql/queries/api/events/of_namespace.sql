-- A page of the events of the runs of a namespace's jobs, the newest first: their JSON.
WITH page AS MATERIALIZED (
    SELECT id, event_time, hash, count(*) OVER () AS total
    FROM lineage_api.job_events
    WHERE namespace = %(namespace)s
    ORDER BY event_time DESC, hash DESC
    LIMIT %(limit)s OFFSET %(offset)s
)
SELECT event.body, page.total
FROM page JOIN lineage_api.run_events AS event USING (id, event_time, hash)
ORDER BY page.event_time DESC, page.hash DESC
