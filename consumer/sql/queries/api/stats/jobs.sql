-- How many jobs were first heard of in each interval between moments; 0: before them all.
SELECT width_bucket(first_event_at, %(moments)s) AS interval_number, count(*) AS added
FROM lineage_api.jobs
GROUP BY 1
