-- What tasks write in other runs, and all that depends on it: stale where the tasks did not succeed.
WITH written AS MATERIALIZED (
    SELECT task.task_id, output.dataset_namespace AS namespace, output.dataset_name AS name
    FROM unnest(%(task_ids)s::text[]) AS task (task_id)
    JOIN lineage.job_datasets AS output
        ON output.direction = 'output' AND output.job_namespace = %(job_namespace)s
       AND output.job_name = %(dag_id)s || '.' || task.task_id
    ORDER BY task.task_id, output.dataset_name
    LIMIT %(limit)s
)
SELECT
    written.task_id, node.depth, node.kind, node.namespace, node.name, node.owners, node.last_at
FROM written
CROSS JOIN LATERAL (
    SELECT 0 AS depth, 'dataset' AS kind, written.namespace, written.name,
        ARRAY(
            SELECT owner.owner FROM lineage.owners AS owner
            WHERE owner.kind = 'dataset' AND owner.namespace = written.namespace
              AND owner.name = written.name
        ) AS owners, NULL::timestamptz AS last_at
    UNION ALL
    SELECT depth, kind, namespace, name, owners, last_at
    FROM lineage.impact('dataset', written.namespace, written.name)
) AS node
ORDER BY written.task_id, written.name, node.depth, node.name
