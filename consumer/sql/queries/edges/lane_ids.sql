-- The ids of lanes, in the given order.
SELECT lane.id
FROM unnest(%(job_id)b::bigint[], %(dataset_id)b::bigint[])
    WITH ORDINALITY AS batch (job_id, dataset_id, ordinal)
JOIN lineage_store.lanes AS lane USING (job_id, dataset_id)
ORDER BY ordinal
