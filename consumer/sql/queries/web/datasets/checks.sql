-- The latest result of each check of a dataset.
SELECT DISTINCT ON (checked.assertion, checked.column_name)
    checked.assertion, checked.column_name AS "column", checked.success, checked.severity,
    checked.event_time AS at, checked.run_id, checked.job_namespace,
    checked.job_name
FROM lineage.names_of(%(namespace)s, %(name)s) AS known
JOIN lineage.quality_checks AS checked
    ON checked.name = known.name AND checked.namespace = known.namespace
ORDER BY checked.assertion, checked.column_name, checked.event_time DESC
LIMIT %(limit)s
