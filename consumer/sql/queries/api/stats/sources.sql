-- How many sources were first heard of in each interval between moments; 0: before them all.
SELECT width_bucket(created_at, %(moments)s) AS interval_number, count(*) AS added
FROM lineage.sources
GROUP BY 1
