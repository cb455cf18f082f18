-- A page of the events of the runs of a namespace's jobs, the newest first: their JSON.
WITH page AS MATERIALIZED (
    SELECT
        event_time, pack_id, place, count(*) OVER () AS total,
        row_number() OVER (ORDER BY event_time DESC, hash DESC) AS ordinal
    FROM lineage_api.job_events
    WHERE namespace = %(namespace)s
    ORDER BY ordinal
    LIMIT %(limit)s OFFSET %(offset)s
)
SELECT told.body, page.total
FROM lineage_api.bodies(
    ARRAY(SELECT pack_id FROM page ORDER BY ordinal),
    ARRAY(SELECT place FROM page ORDER BY ordinal),
    ARRAY(SELECT event_time FROM page ORDER BY ordinal)
) AS told
JOIN page ON page.ordinal = told.number + %(offset)s
ORDER BY page.ordinal
