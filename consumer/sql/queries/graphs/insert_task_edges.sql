-- The edges of graphs.
INSERT INTO lineage_store.task_graph_edges (value_hash, from_kind, from_id, to_kind, to_id, label)
SELECT * FROM unnest(
    %(value_hash)b::uuid[], %(from_kind)b::text[], %(from_id)b::text[], %(to_kind)b::text[],
    %(to_id)b::text[], %(label)b::text[]
)
