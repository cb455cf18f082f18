-- Carry pipeline run ids through the families of runs that have another parent or id of their
-- own now, or that have an id of their own and whose first event is another now.
SELECT lineage_store.propagate_pipeline_run_id(ARRAY(
    SELECT unnest(%(relinked)b::bigint[])
    UNION
    SELECT id FROM lineage_store.runs
    WHERE id = ANY (%(moved)b::bigint[]) AND own_pipeline_run_id IS NOT NULL
))
