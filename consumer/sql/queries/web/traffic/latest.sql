-- The latest events of the days before a moment, to be measured.
WITH latest AS MATERIALIZED (
    SELECT event_id, event_time
    FROM lineage.events
    WHERE event_time > %(until)s::timestamptz - make_interval(days => %(days)s)
      AND event_time <= %(until)s
    ORDER BY event_time DESC
    LIMIT %(limit)s
)
SELECT stored.event
FROM latest
JOIN lineage.events AS stored USING (event_id, event_time)
