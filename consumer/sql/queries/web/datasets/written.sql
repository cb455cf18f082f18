-- The latest runs that wrote a dataset, with rows and bytes.
SELECT * FROM (
    SELECT
        run.run_id, run.job_namespace, run.job_name, run.state,
        coalesce(run.ended_at, run.last_event_at) AS at, output.rows, output.bytes
    FROM lineage.run_outputs AS output
    JOIN lineage.runs AS run ON run.run_id = output.run_id
    WHERE output.name = %(name)s AND output.namespace = %(namespace)s
    ORDER BY at DESC
    LIMIT %(limit)s
) AS latest
ORDER BY at
