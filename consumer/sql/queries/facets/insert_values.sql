-- The facet values of a batch that were never seen before.
INSERT INTO lineage_store.facet_values (hash, value)
SELECT batch.hash, batch.value::jsonb
FROM unnest(%(hash)b::uuid[], %(value)b::text[]) AS batch (hash, value)
ON CONFLICT (hash) DO NOTHING
