-- The ids of what runs read and wrote, in the given order.
SELECT run_io.id
FROM unnest(%(run_id)b::bigint[], %(dataset_id)b::bigint[], %(is_output)b::boolean[])
    WITH ORDINALITY AS batch (run_id, dataset_id, is_output, ordinal)
JOIN lineage_store.run_io AS run_io USING (run_id, dataset_id, is_output)
ORDER BY ordinal
