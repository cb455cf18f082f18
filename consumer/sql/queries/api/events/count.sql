-- How many events of runs all pages have.
SELECT lineage_api.count_run_events(
    coalesce(%(after)s, '-infinity'::timestamptz), coalesce(%(before)s, 'infinity'::timestamptz)
) AS total
