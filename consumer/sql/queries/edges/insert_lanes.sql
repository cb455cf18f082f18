-- The lanes of a batch that were never seen before.
INSERT INTO lineage_store.lanes (job_id, dataset_id)
SELECT * FROM unnest(%(job_id)b::bigint[], %(dataset_id)b::bigint[]) AS batch (job_id, dataset_id)
ORDER BY job_id, dataset_id
ON CONFLICT (job_id, dataset_id) DO NOTHING
