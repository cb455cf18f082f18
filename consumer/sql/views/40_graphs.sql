-- Column lineage, as it stands.

CREATE OR REPLACE VIEW lineage.column_lineage AS
SELECT
    dataset.namespace, dataset.name, edge.field,
    input.namespace AS input_namespace, input.name AS input_name, edge.input_field,
    edge.type, edge.subtype, edge.description, edge.masking,
    job.namespace AS job_namespace, job.name AS job_name, facet.event_time, facet.facet
FROM lineage_store.column_lineage AS facet
JOIN lineage_store.column_edges AS edge ON edge.value_hash = facet.value_hash
JOIN lineage_store.datasets AS dataset ON dataset.id = facet.dataset_id
JOIN lineage_store.datasets AS input ON input.id = edge.input_dataset_id
LEFT JOIN lineage_store.jobs AS job ON job.id = facet.job_id
WHERE NOT facet.is_deleted;
COMMENT ON VIEW lineage.column_lineage IS 'Which input columns each column comes from, by job, as the latest facets columnLineage and lineage say.';
COMMENT ON COLUMN lineage.column_lineage.namespace IS 'Namespace of the output dataset.';
COMMENT ON COLUMN lineage.column_lineage.name IS 'Name of the output dataset.';
COMMENT ON COLUMN lineage.column_lineage.field IS 'Output column; null where the input column influences every row (a join, a filter).';
COMMENT ON COLUMN lineage.column_lineage.input_namespace IS 'Namespace of the input dataset.';
COMMENT ON COLUMN lineage.column_lineage.input_name IS 'Name of the input dataset.';
COMMENT ON COLUMN lineage.column_lineage.input_field IS 'Input column.';
COMMENT ON COLUMN lineage.column_lineage.type IS 'DIRECT or INDIRECT, as the producer wrote it.';
COMMENT ON COLUMN lineage.column_lineage.subtype IS 'IDENTITY, TRANSFORMATION, AGGREGATION, JOIN, FILTER, ...';
COMMENT ON COLUMN lineage.column_lineage.description IS 'Description of the transformation.';
COMMENT ON COLUMN lineage.column_lineage.masking IS 'Whether the transformation masks the input.';
COMMENT ON COLUMN lineage.column_lineage.job_namespace IS 'Namespace of the job that said it; null where the dataset''s own event did.';
COMMENT ON COLUMN lineage.column_lineage.job_name IS 'Name of that job.';
COMMENT ON COLUMN lineage.column_lineage.event_time IS 'eventTime of the event that said it.';
COMMENT ON COLUMN lineage.column_lineage.facet IS 'Name of the facet that said it: columnLineage or lineage.';
