-- The jobs that write a dataset (direction output) and those that read it, the latest first.
SELECT
    used.direction, job.namespace, job.name, job.job_type, job.latest_run_id, job.latest_state,
    max(used.last_event_at) AS last_event_at
FROM lineage.names_of(%(namespace)s, %(name)s) AS known
JOIN lineage.job_datasets AS used
    ON used.dataset_name = known.name AND used.dataset_namespace = known.namespace
JOIN lineage.jobs AS job ON job.name = used.job_name AND job.namespace = used.job_namespace
GROUP BY 1, 2, 3, 4, 5, 6
ORDER BY 1, last_event_at DESC
LIMIT %(limit)s
