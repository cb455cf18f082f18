-- A page of the events of runs: their JSON.
SELECT body FROM lineage_api.run_events(
    coalesce(%(after)s, '-infinity'::timestamptz), coalesce(%(before)s, 'infinity'::timestamptz),
    %(newest_first)s, %(limit)s, %(offset)s
)
