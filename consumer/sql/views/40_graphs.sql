-- Task graphs of DAGs, and column lineage, as they stand.

CREATE OR REPLACE VIEW lineage.task_graph_nodes AS
SELECT
    job.namespace AS job_namespace, job.name AS dag_id, node.kind, node.node_id,
    node.task_group, node.operator, node.label, node.is_setup, node.is_teardown,
    node.value_hash AS task_graph_id
FROM lineage_store.facet_versions AS facet
JOIN lineage_store.jobs AS job ON job.id = facet.owner_id
JOIN lineage_store.task_graph_nodes AS node ON node.value_hash = facet.value_hash
WHERE facet.owner = 'job' AND facet.name = 'airflow'
  AND facet.ended_at IS NULL AND NOT facet.is_deleted;
COMMENT ON VIEW lineage.task_graph_nodes IS 'The tasks and task groups of each DAG''s current graph.';
COMMENT ON COLUMN lineage.task_graph_nodes.job_namespace IS 'Namespace of the DAG''s job.';
COMMENT ON COLUMN lineage.task_graph_nodes.dag_id IS 'Name of the DAG''s job: the dag_id.';
COMMENT ON COLUMN lineage.task_graph_nodes.kind IS 'task or group.';
COMMENT ON COLUMN lineage.task_graph_nodes.node_id IS 'task_id, or the id of the task group.';
COMMENT ON COLUMN lineage.task_graph_nodes.task_group IS 'The group it is in.';
COMMENT ON COLUMN lineage.task_graph_nodes.operator IS 'Class of the task''s operator.';
COMMENT ON COLUMN lineage.task_graph_nodes.label IS 'ui_label.';
COMMENT ON COLUMN lineage.task_graph_nodes.is_setup IS 'Whether it is a setup task.';
COMMENT ON COLUMN lineage.task_graph_nodes.is_teardown IS 'Whether it is a teardown task.';
COMMENT ON COLUMN lineage.task_graph_nodes.task_graph_id IS 'Version of the graph.';

CREATE OR REPLACE VIEW lineage.task_graph_edges AS
SELECT
    job.namespace AS job_namespace, job.name AS dag_id,
    edge.from_kind, edge.from_id, edge.to_kind, edge.to_id, edge.label,
    edge.value_hash AS task_graph_id
FROM lineage_store.facet_versions AS facet
JOIN lineage_store.jobs AS job ON job.id = facet.owner_id
JOIN lineage_store.task_graph_edges AS edge ON edge.value_hash = facet.value_hash
WHERE facet.owner = 'job' AND facet.name = 'airflow'
  AND facet.ended_at IS NULL AND NOT facet.is_deleted;
COMMENT ON VIEW lineage.task_graph_edges IS 'The edges of each DAG''s current graph. All dependencies are edges between tasks; edges from or to groups repeat those that carry a label.';
COMMENT ON COLUMN lineage.task_graph_edges.job_namespace IS 'Namespace of the DAG''s job.';
COMMENT ON COLUMN lineage.task_graph_edges.dag_id IS 'Name of the DAG''s job: the dag_id.';
COMMENT ON COLUMN lineage.task_graph_edges.from_kind IS 'task or group.';
COMMENT ON COLUMN lineage.task_graph_edges.from_id IS 'Upstream task or group.';
COMMENT ON COLUMN lineage.task_graph_edges.to_kind IS 'task or group.';
COMMENT ON COLUMN lineage.task_graph_edges.to_id IS 'Downstream task or group.';
COMMENT ON COLUMN lineage.task_graph_edges.label IS 'Label of the edge.';
COMMENT ON COLUMN lineage.task_graph_edges.task_graph_id IS 'Version of the graph.';

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
