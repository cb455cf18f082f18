-- How many runs a job has.
SELECT count(*) FROM lineage_api.job_runs WHERE job_id = %(job_id)s AND name = %(name)s
