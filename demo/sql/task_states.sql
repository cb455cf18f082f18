-- Every task of a DAG with what became of it in one run, or nothing.
SELECT node.node_id AS task_id, node.operator, task.state, task.tries, task.instances
FROM lineage.task_graph_nodes AS node
LEFT JOIN LATERAL (
    SELECT
        coalesce(max(run.state) FILTER (WHERE run.state = 'failed'), max(run.state)) AS state,
        max(run.tries) AS tries, count(run.map_index) AS instances
    FROM lineage.task_runs AS run
    WHERE run.dag_id = node.dag_id AND run.airflow_run_id = %(run_id)s
      AND run.task_id = node.node_id
) AS task ON true
WHERE node.dag_id = %(dag_id)s AND node.is_current AND node.kind = 'task'
ORDER BY node.node_id;
