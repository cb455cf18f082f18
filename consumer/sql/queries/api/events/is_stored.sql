-- Whether an event is stored.
SELECT FROM lineage_api.event_ids
WHERE run_id = %(run_id)s AND event_time = %(event_time)s AND hash = %(hash)s
