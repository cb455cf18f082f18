-- Namespaces of jobs and datasets, by name.
SELECT
    name, now() AS created_at, now() AS updated_at, 'anonymous' AS owner_name,
    NULL AS description, false AS is_hidden
FROM (
    SELECT namespace AS name FROM lineage.jobs
    UNION
    SELECT namespace FROM lineage.datasets
) AS names
ORDER BY name
LIMIT %(limit)s OFFSET %(offset)s
