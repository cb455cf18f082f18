-- The tasks and task groups of graphs.
INSERT INTO lineage_store.task_graph_nodes (
    value_hash, kind, node_id, task_group, operator, label, is_setup, is_teardown,
    emits_ol_events
)
SELECT * FROM unnest(
    %(value_hash)b::uuid[], %(kind)b::text[], %(node_id)b::text[], %(task_group)b::text[],
    %(operator)b::text[], %(label)b::text[], %(is_setup)b::boolean[], %(is_teardown)b::boolean[],
    %(emits_ol_events)b::boolean[]
)
