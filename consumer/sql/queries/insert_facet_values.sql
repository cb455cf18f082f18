-- The facet values of a batch that were never seen before.
INSERT INTO lineage_store.facet_values (hash, value)
SELECT batch.* FROM unnest(%(hash)b::uuid[], %(value)b::jsonb[]) AS batch (hash, value)
ORDER BY batch.hash
ON CONFLICT (hash) DO NOTHING
