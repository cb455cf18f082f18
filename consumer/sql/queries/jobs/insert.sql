-- The jobs of a batch that were never seen before.
INSERT INTO lineage_store.jobs (key, namespace, name)
SELECT * FROM unnest(%(key)b::uuid[], %(namespace)b::text[], %(name)b::text[])
ON CONFLICT (key) DO NOTHING
