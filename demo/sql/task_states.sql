-- Every task of a DAG with what became of it in one run: its last try, or nothing.
SELECT node.node_id AS task_id, node.operator, last_try.state, last_try.tries, last_try.instances
FROM lineage.task_graph_nodes AS node
LEFT JOIN LATERAL (
    SELECT max(run.state) FILTER (WHERE run.try_number = newest.try_number) AS state,
           max(run.try_number) AS tries,
           count(DISTINCT run.map_index) AS instances
    FROM lineage.runs AS run,
         LATERAL (SELECT max(other.try_number) AS try_number FROM lineage.runs AS other
                  WHERE other.airflow_run_id = run.airflow_run_id
                    AND other.dag_id = run.dag_id AND other.task_id = run.task_id) AS newest
    WHERE run.dag_id = node.dag_id AND run.airflow_run_id = %(run_id)s
      AND run.task_id = node.node_id
) AS last_try ON true
WHERE node.dag_id = %(dag_id)s AND node.kind = 'task'
ORDER BY node.node_id;
