-- A job or dataset and what lies around it, nearest first; depth is negative upstream. The query
-- stops at %(limit)s nodes and says how many there are.
WITH around AS MATERIALIZED (
    SELECT 0 AS depth, kind, namespace, name, NULL::text AS via, NULL::text AS edge
    FROM (
        SELECT 'dataset' AS kind, namespace, name
        FROM lineage.names_of(%(namespace)s, %(name)s)
        WHERE %(kind)s = 'dataset' AND is_main
        UNION ALL
        SELECT 'job', namespace, name
        FROM lineage.jobs
        WHERE %(kind)s = 'job' AND name = %(name)s
          AND namespace = coalesce(%(namespace)s, namespace)
    ) AS start
    UNION ALL
    SELECT -depth, kind, namespace, name, via, edge
    FROM lineage.upstream(
        %(kind)s, %(namespace)s, %(name)s, %(upstream)s, as_of => %(as_of)s
    )
    UNION ALL
    SELECT depth, kind, namespace, name, via, edge
    FROM lineage.downstream(
        %(kind)s, %(namespace)s, %(name)s, %(downstream)s, as_of => %(as_of)s
    )
),
node AS MATERIALIZED (
    SELECT * FROM (
        SELECT *, count(*) OVER () AS total
        FROM (
            SELECT DISTINCT ON (kind, namespace, name) *
            FROM around ORDER BY kind, namespace, name, abs(depth)
        ) AS each
        ORDER BY abs(depth), name, namespace
    ) AS nearest
    LIMIT %(limit)s
)
SELECT
    node.depth, node.kind, node.namespace, node.name, node.via, node.edge, node.total,
    job.job_type, job.integration, job.latest_run_id, job.latest_state, job.latest_event_at,
    ARRAY(
        SELECT owner.owner FROM lineage.owners AS owner
        WHERE owner.kind = node.kind AND owner.namespace = node.namespace
          AND owner.name = node.name
    ) AS owners
FROM node
LEFT JOIN LATERAL (
    SELECT * FROM lineage.jobs AS known
    WHERE node.kind = 'job' AND known.name = node.name AND known.namespace = node.namespace
    OFFSET 0
) AS job ON true
ORDER BY abs(node.depth), node.name, node.namespace
