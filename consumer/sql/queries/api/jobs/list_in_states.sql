-- The same of jobs whose latest run is in one of some states.
WITH page AS MATERIALIZED (
    SELECT job.id, job.namespace, job.name, job.last_event_at FROM lineage_api.jobs AS job
    LEFT JOIN LATERAL (
        SELECT run.state FROM lineage_api.job_runs AS run
        WHERE run.job_id = job.id AND run.name = job.name AND run.first_event_at IS NOT NULL
        ORDER BY run.first_event_at DESC, run.id DESC LIMIT 1
    ) AS latest ON true
    WHERE (job.namespace = %(namespace)s::text OR %(namespace)s::text IS NULL)
      AND latest.state = ANY (%(states)b::text[])
    ORDER BY job.last_event_at DESC, job.namespace, job.name
    LIMIT %(limit)s OFFSET %(offset)s
)
SELECT job.* FROM lineage_api.jobs_by_ids(ARRAY(SELECT page.id FROM page)) AS job
JOIN page USING (id, name)
ORDER BY page.last_event_at DESC, page.namespace, page.name
