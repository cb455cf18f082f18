-- The dependencies between tasks of that version; the labels of those between groups are left out.
SELECT edge.from_id, edge.to_id, edge.label
FROM lineage.task_graph_edges AS edge
WHERE edge.task_graph_id = %(task_graph_id)s AND edge.dag_id = %(dag_id)s
  AND edge.job_namespace = %(job_namespace)s
  AND edge.from_kind = 'task' AND edge.to_kind = 'task'
ORDER BY edge.from_id, edge.to_id
