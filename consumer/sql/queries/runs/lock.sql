-- What is known of some runs that decides about pipeline runs; locked until the transaction ends.
SELECT id, coalesce(parent_run_id, upstream_run_id), pipeline_run_id, first_event_at
FROM lineage_store.runs
WHERE id = ANY (%(id)b::uuid[])
ORDER BY id
FOR UPDATE
