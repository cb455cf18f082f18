-- Events and their bytes on Kafka by the day of their eventTime, in the days before a moment.
SELECT
    (event_time AT TIME ZONE 'UTC')::date AS day, count(*) AS events,
    sum(record_bytes)::bigint AS bytes
FROM lineage.events
WHERE event_time > %(until)s::timestamptz - make_interval(days => %(days)s)
  AND event_time <= %(until)s
GROUP BY 1
ORDER BY 1
