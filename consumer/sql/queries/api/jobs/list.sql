-- Jobs, those of which was heard last first; those of one namespace where it is given. What takes
-- long to tell is told of the page alone.
WITH page AS MATERIALIZED (
    SELECT id, namespace, name, last_event_at FROM lineage_api.jobs
    WHERE namespace = %(namespace)s::text OR %(namespace)s::text IS NULL
    ORDER BY last_event_at DESC, namespace, name
    LIMIT %(limit)s OFFSET %(offset)s
)
SELECT job.* FROM lineage_api.jobs_by_ids(ARRAY(SELECT page.id FROM page)) AS job
JOIN page USING (id, name)
ORDER BY page.last_event_at DESC, page.namespace, page.name
