-- What the jobs within some steps of one read and write, in the same places of four arrays: a graph
-- has thousands of edges.
SELECT
    coalesce(array_agg(job_id), '{}') AS job_ids,
    coalesce(array_agg(job_name), '{}') AS job_names,
    coalesce(array_agg(dataset_id), '{}') AS dataset_ids,
    coalesce(array_agg(is_output), '{}') AS are_outputs
FROM lineage_api.graph(%(job_id)s, %(job_name)s, %(depth)s)
