-- The datasets of a batch that were never seen before.
INSERT INTO lineage_store.datasets (key, namespace, name)
SELECT batch.* FROM unnest(%(key)s::uuid[], %(namespace)s::text[], %(name)s::text[])
    AS batch (key, namespace, name)
WHERE NOT EXISTS (SELECT FROM lineage_store.datasets WHERE key = batch.key)
ORDER BY batch.key
