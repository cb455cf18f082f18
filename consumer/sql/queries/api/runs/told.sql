-- What an event must repeat of a run: its job, and its parent.
SELECT
    run.run_id, run.job_namespace, run.job_name,
    parent.run_id AS parent_run_id, parent.job_namespace AS parent_namespace,
    parent.job_name AS parent_name
FROM lineage.runs AS run
LEFT JOIN lineage.runs AS parent ON parent.run_id = run.parent_run_id
WHERE run.run_id = %(run_id)s
