-- The tasks and task groups of graphs that were never seen before.
INSERT INTO lineage_store.task_graph_nodes (
    value_hash, kind, node_id, task_group, operator, label, is_setup, is_teardown
)
SELECT batch.* FROM unnest(
    %(value_hash)s::uuid[], %(kind)s::text[], %(node_id)s::text[], %(task_group)s::text[],
    %(operator)s::text[], %(label)s::text[], %(is_setup)s::boolean[], %(is_teardown)s::boolean[]
) AS batch (value_hash, kind, node_id, task_group, operator, label, is_setup, is_teardown)
WHERE NOT EXISTS (
    SELECT FROM lineage_store.task_graph_nodes AS known WHERE known.value_hash = batch.value_hash
)
