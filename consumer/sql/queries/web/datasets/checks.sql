-- The latest result of each check of a dataset.
SELECT DISTINCT ON (checked.assertion, checked.column_name)
    checked.assertion, checked.column_name AS "column", checked.success, checked.severity,
    checked.event_time AS at, checked.run_id, checked.job_namespace,
    checked.job_name
FROM lineage.quality_checks AS checked
WHERE checked.name = %(name)s AND checked.namespace = %(namespace)s
ORDER BY checked.assertion, checked.column_name, checked.event_time DESC
LIMIT %(limit)s
