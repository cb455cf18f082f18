-- Events and their bytes on Kafka by the day of their eventTime, in the days before a moment.
SELECT day, events, bytes
FROM lineage.event_days
WHERE day > (%(until)s::timestamptz AT TIME ZONE 'UTC')::date - %(days)s
  AND day <= (%(until)s::timestamptz AT TIME ZONE 'UTC')::date
ORDER BY day
