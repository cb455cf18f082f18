-- The ids of edges between jobs and datasets, in the given order.
SELECT edge.id
FROM unnest(%(job_id)b::bigint[], %(dataset_id)b::bigint[], %(is_output)b::boolean[])
    WITH ORDINALITY AS batch (job_id, dataset_id, is_output, ordinal)
JOIN lineage_store.job_io AS edge USING (job_id, dataset_id, is_output)
ORDER BY ordinal
