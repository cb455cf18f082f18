-- The edges between jobs and datasets; an input that no column comes from directly (it filters,
-- joins, sorts) is indirect.
WITH job AS MATERIALIZED (
    SELECT * FROM unnest(%(job_namespaces)s::text[], %(job_names)s::text[]) AS job (namespace, name)
),
io AS MATERIALIZED (
    SELECT job.namespace, job.name, edge.direction, edge.dataset_namespace, edge.dataset_name,
        edge.last_event_at
    FROM job
    CROSS JOIN LATERAL (
        SELECT * FROM lineage.job_datasets AS edge
        WHERE edge.job_name = job.name AND edge.job_namespace = job.namespace
          AND edge.first_event_at <= %(as_of)s
        OFFSET 0
    ) AS edge
),
columns AS MATERIALIZED (
    SELECT job.namespace, job.name, said.input_namespace, said.input_name,
        bool_and(said.type = 'INDIRECT') IS TRUE AS is_indirect
    FROM (SELECT DISTINCT namespace, name, dataset_namespace, dataset_name FROM io
          WHERE direction = 'output') AS job
    CROSS JOIN LATERAL (
        SELECT known.input_namespace, known.input_name, known.type
        FROM lineage.column_lineage AS known
        WHERE known.name = job.dataset_name AND known.namespace = job.dataset_namespace
          AND known.job_name = job.name AND known.job_namespace = job.namespace
        OFFSET 0
    ) AS said
    GROUP BY 1, 2, 3, 4
)
SELECT
    io.direction AS kind, io.namespace AS job_namespace, io.name AS job_name,
    main.main_namespace AS other_namespace, main.main_name AS other_name,
    coalesce(io.direction = 'input' AND columns.is_indirect, false) AS is_indirect,
    io.last_event_at
FROM io
CROSS JOIN LATERAL (
    SELECT known.main_namespace, known.main_name FROM lineage.dataset_names AS known
    WHERE known.name = io.dataset_name AND known.namespace = io.dataset_namespace
    OFFSET 0
) AS main
LEFT JOIN columns
    ON columns.namespace = io.namespace AND columns.name = io.name
   AND columns.input_namespace = io.dataset_namespace AND columns.input_name = io.dataset_name
UNION ALL
SELECT
    edge.edge, job.namespace, job.name, edge.downstream_namespace, edge.downstream_name, false,
    edge.last_event_at
FROM job
CROSS JOIN LATERAL (
    SELECT * FROM lineage.job_dependencies AS known
    WHERE known.upstream_name = job.name AND known.upstream_namespace = job.namespace
      AND known.first_event_at <= %(as_of)s
    OFFSET 0
) AS edge
