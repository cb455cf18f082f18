-- The latest runs that wrote a dataset, with rows and bytes.
SELECT * FROM (
    SELECT
        run.run_id, run.job_namespace, run.job_name, run.state, coalesce(run.ended_at, run.last_event_at) AS at,
        output.rows, output.bytes
    FROM lineage.names_of(%(namespace)s, %(name)s) AS known
    JOIN lineage.run_outputs AS output
        ON output.name = known.name AND output.namespace = known.namespace
    JOIN lineage.runs AS run ON run.run_id = output.run_id
    ORDER BY at DESC
    LIMIT %(limit)s
) AS latest
ORDER BY at
