-- The edges of graphs that were never seen before.
INSERT INTO lineage_store.task_graph_edges (
    value_hash, from_kind, from_id, to_kind, to_id, label
)
SELECT batch.* FROM unnest(
    %(value_hash)b::uuid[], %(from_kind)b::text[], %(from_id)b::text[], %(to_kind)b::text[],
    %(to_id)b::text[], %(label)b::text[]
) AS batch (value_hash, from_kind, from_id, to_kind, to_id, label)
WHERE NOT EXISTS (
    SELECT FROM lineage_store.task_graph_edges AS known WHERE known.value_hash = batch.value_hash
)
