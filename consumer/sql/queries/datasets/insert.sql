-- The datasets of a batch that were never seen before.
INSERT INTO lineage_store.datasets (key, namespace, name)
SELECT * FROM unnest(%(key)b::uuid[], %(namespace)b::text[], %(name)b::text[])
ON CONFLICT (key) DO NOTHING
