-- The ids of edges between jobs and datasets, in the given order.
SELECT edge.id
FROM unnest(%(job_id)s::bigint[], %(dataset_id)s::bigint[], %(is_output)s::boolean[])
    WITH ORDINALITY AS batch (job_id, dataset_id, is_output, position)
JOIN lineage_store.job_io AS edge USING (job_id, dataset_id, is_output)
ORDER BY position
