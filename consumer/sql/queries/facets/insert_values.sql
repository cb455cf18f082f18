-- The facet values of a batch that were never seen before.
INSERT INTO lineage_store.facet_values (hash, value)
SELECT batch.hash, batch.value::jsonb
FROM unnest(%(hash)b::uuid[], %(value)b::text[]) AS batch (hash, value)
WHERE NOT EXISTS (SELECT FROM lineage_store.facet_values AS known WHERE known.hash = batch.hash)
ORDER BY batch.hash
