-- What the runs of a pipeline run read and wrote, with the job that did.
SELECT DISTINCT
    run.dag_id, run.job_namespace, run.job_name, io.is_output, io.namespace, io.name
FROM lineage.runs AS run
CROSS JOIN LATERAL (
    SELECT false AS is_output, input.namespace, input.name
    FROM lineage.run_inputs AS input WHERE input.run_id = run.run_id AND input.is_main
    UNION ALL
    SELECT true, output.namespace, output.name
    FROM lineage.run_outputs AS output WHERE output.run_id = run.run_id AND output.is_main
) AS io
WHERE run.pipeline_run_id = %(pipeline_run_id)s
