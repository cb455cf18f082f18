-- The runs of a job, the latest first; those that sent no events of their own come last.
SELECT id FROM lineage_api.job_runs
WHERE job_id = %(job_id)s AND name = %(name)s
ORDER BY first_event_at DESC NULLS LAST, id DESC
LIMIT %(limit)s OFFSET %(offset)s
