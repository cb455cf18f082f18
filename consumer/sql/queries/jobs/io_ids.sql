-- The ids of edges between jobs and datasets, in the given order.
SELECT edge.id
FROM unnest(%(job_id)b::bigint[], %(dataset_id)b::bigint[], %(is_output)b::boolean[])
    WITH ORDINALITY AS batch (job_id, dataset_id, is_output, ordinal)
JOIN lineage_store.edges AS edge
    ON edge.from_id = CASE WHEN is_output THEN job_id ELSE dataset_id END
   AND edge.to_id = CASE WHEN is_output THEN dataset_id ELSE job_id END
   AND edge.kind = CASE WHEN is_output THEN 'output' ELSE 'input' END::lineage_store.edge_kind
   AND edge.stated_by = job_id
ORDER BY ordinal
