-- The events of these DAG runs as they were stored, for their sizes.
SELECT coalesce(job.job_type, '?') || ' ' || event.event_type AS kind, event.event,
       event.record_bytes
FROM lineage.events AS event
JOIN lineage.runs AS run USING (run_id)
JOIN lineage.jobs AS job ON job.namespace = event.job_namespace AND job.name = event.job_name
WHERE run.airflow_run_id = ANY(%(run_ids)s)
ORDER BY kind;
