-- Jobs by the names that the API has for them: an own name is what follows the parent's.
WITH asked AS (
    SELECT * FROM unnest(%(namespaces)b::text[], %(names)b::text[]) AS asked (namespace, name)
),
found AS (
    SELECT * FROM lineage_api.jobs
    WHERE id = ANY (ARRAY(
        SELECT job.id FROM lineage_api.job_ids AS job
        WHERE job.namespace = ANY (%(namespaces)b::text[]) AND job.own_name = ANY (%(own_names)b::text[])
    ))
)
SELECT found.* FROM found JOIN asked USING (namespace, name)
