-- Jobs, those of which was heard last first; those of one namespace where it is given.
SELECT * FROM lineage_api.jobs
WHERE namespace = %(namespace)s::text OR %(namespace)s::text IS NULL
ORDER BY last_event_at DESC, namespace, name
LIMIT %(limit)s OFFSET %(offset)s
