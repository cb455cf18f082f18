-- Set the columns of jobs that come from their facets as they stand.
WITH said AS (
    SELECT
        facet.owner_id AS job_id,
        max(lineage_store.text_at(value, 'jobType')) FILTER (WHERE name = 'jobType') AS job_type,
        max(lineage_store.text_at(value, 'integration'))
            FILTER (WHERE name = 'jobType') AS integration,
        max(lineage_store.text_at(value, 'processingType'))
            FILTER (WHERE name = 'jobType') AS processing_type,
        max(lineage_store.text_at(value, 'description'))
            FILTER (WHERE name = 'documentation') AS description,
        max(lineage_store.text_at(value, 'query')) FILTER (WHERE name = 'sql') AS sql
    FROM lineage_store.facet_versions AS facet
    JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash
    WHERE facet.owner = 'job' AND facet.owner_id = ANY (%(ids)b::bigint[])
      AND facet.name IN ('jobType', 'documentation', 'sql')
      AND facet.ended_at IS NULL AND NOT facet.is_deleted
    GROUP BY facet.owner_id
),
change AS (
    SELECT given.id, said.*
    FROM unnest(%(ids)b::bigint[]) AS given (id) LEFT JOIN said ON said.job_id = given.id
)
UPDATE lineage_store.jobs AS job
SET job_type = change.job_type,
    integration = change.integration,
    processing_type = change.processing_type,
    description = change.description,
    sql = change.sql
FROM change
WHERE job.id = change.id
  AND (job.job_type, job.integration, job.processing_type, job.description, job.sql)
      IS DISTINCT FROM (change.job_type, change.integration, change.processing_type,
                        change.description, change.sql)
