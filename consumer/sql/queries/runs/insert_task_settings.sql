-- What tasks of a batch are and where they run, if that was never seen before.
INSERT INTO lineage_store.task_settings (hash, operator_class_path, operator_class, queue, pool)
SELECT * FROM unnest(
    %(hash)b::uuid[], %(operator_class_path)b::text[], %(operator_class)b::text[],
    %(queue)b::text[], %(pool)b::text[]
)
ON CONFLICT (hash) DO NOTHING
