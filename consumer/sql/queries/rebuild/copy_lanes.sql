-- The lanes of jobs that events name, under the ids that they have in the store.
INSERT INTO lineage_rebuild.lanes (id, job_id, dataset_id)
SELECT id, job_id, dataset_id FROM lineage_store.lanes WHERE job_id = ANY (%(jobs)b::bigint[])
ON CONFLICT DO NOTHING
