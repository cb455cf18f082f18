-- How many jobs there are, in one namespace where it is given.
SELECT count(*) FROM lineage_api.jobs
WHERE namespace = %(namespace)s::text OR %(namespace)s::text IS NULL
