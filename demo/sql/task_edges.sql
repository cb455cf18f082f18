-- The edges of a DAG's current task graph.
SELECT from_id, to_id
FROM lineage.task_graph_edges
WHERE dag_id = %(dag_id)s AND is_current AND from_kind = 'task' AND to_kind = 'task'
ORDER BY from_id, to_id;
