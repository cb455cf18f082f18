-- The events of runs, in the order of their times, and of those of one time as they lay on Kafka.
SELECT id, event_time, body
FROM lineage_api.events_of_runs(%(ids)b::uuid[])
ORDER BY id, event_time, record_offset, hash
