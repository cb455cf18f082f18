-- The columns of datasets, as their schemas and their column lineage name them.
WITH asked AS MATERIALIZED (
    SELECT * FROM unnest(%(namespaces)s::text[], %(names)s::text[]) AS asked (namespace, name)
)
SELECT asked.namespace, asked.name, known.field, known.type, known.position
FROM asked
CROSS JOIN LATERAL (
    SELECT field, type, position
    FROM lineage.dataset_fields AS said
    WHERE said.name = asked.name AND said.namespace = asked.namespace
    UNION ALL
    SELECT DISTINCT said.field, NULL, NULL::integer
    FROM lineage.column_lineage AS said
    WHERE said.name = asked.name AND said.namespace = asked.namespace AND said.field IS NOT NULL
      AND NOT EXISTS (
        SELECT FROM lineage.dataset_fields AS schema
        WHERE schema.name = asked.name AND schema.namespace = asked.namespace
      )
) AS known
ORDER BY asked.namespace, asked.name, known.position NULLS LAST, known.field
