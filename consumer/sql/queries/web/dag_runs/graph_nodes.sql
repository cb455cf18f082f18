-- The tasks and groups of the version of a DAG's graph that a DAG run started with.
SELECT
    node.kind, node.node_id AS id, node.task_group AS "group", node.label, node.operator,
    node.is_setup, node.is_teardown
FROM lineage.task_graph_nodes AS node
WHERE node.task_graph_id = %(task_graph_id)s AND node.dag_id = %(dag_id)s
  AND node.job_namespace = %(job_namespace)s
ORDER BY node.node_id
