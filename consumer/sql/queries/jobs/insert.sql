-- The jobs of a batch that were never seen before.
INSERT INTO lineage_store.jobs (key, namespace, name)
SELECT batch.* FROM unnest(%(key)b::uuid[], %(namespace)b::text[], %(name)b::text[])
    AS batch (key, namespace, name)
WHERE NOT EXISTS (SELECT FROM lineage_store.jobs WHERE key = batch.key)
ORDER BY batch.key
