-- How many sources (namespaces of datasets) were first heard of in each interval between moments;
-- 0: before them all.
SELECT width_bucket(first_event_at, %(moments)s) AS interval_number, count(*) AS added
FROM (
    SELECT min(first_event_at) AS first_event_at FROM lineage_api.datasets GROUP BY namespace
) AS sources
GROUP BY 1
