-- The latest events of runs in the days before a moment, to be measured.
SELECT body::jsonb AS event
FROM lineage_api.run_events(
    %(until)s::timestamptz - make_interval(days => %(days)s), %(until)s, true, %(limit)s, 0
)
