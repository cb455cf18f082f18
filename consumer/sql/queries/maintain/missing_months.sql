-- The months that need partitions and have none: this one, some ahead, and those of which many
-- events are in the default partition.
WITH wanted AS (
    SELECT date_trunc('month', now(), 'UTC') + make_interval(months => number) AS start
    FROM generate_series(0, %(ahead)s) AS number
    UNION
    SELECT date_trunc('month', event_time, 'UTC') AS start
    FROM lineage_store.events_default
    WHERE event_time < '9999-12-01 00:00:00+00' -- the last month whose end Python knows
    GROUP BY 1 HAVING count(*) >= %(many)s
)
SELECT parent.name, wanted.start, wanted.start + interval '1 month'
FROM wanted
CROSS JOIN (VALUES ('events'), ('event_packs')) AS parent (name)
WHERE NOT EXISTS (
    SELECT FROM lineage_store.months AS month
    WHERE month.parent = parent.name
      AND month.start <= wanted.start AND wanted.start < month.finish
)
ORDER BY wanted.start, parent.name
