-- The runs of a batch that were never seen before; a parent may be known before its events.
INSERT INTO lineage_store.runs (key, run_id)
SELECT batch.* FROM unnest(%(key)b::uuid[], %(run_id)b::text[]) AS batch (key, run_id)
WHERE NOT EXISTS (SELECT FROM lineage_store.runs WHERE key = batch.key)
ORDER BY batch.key
