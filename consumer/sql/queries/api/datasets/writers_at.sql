-- Which completed run had written each of some datasets last, at some times.
SELECT asked.number, writer.id
FROM unnest(%(keys)b::uuid[], %(times)s::timestamptz[])
    WITH ORDINALITY AS asked (key, at, number)
JOIN lineage_api.dataset_keys AS dataset ON dataset.key = asked.key
CROSS JOIN LATERAL (
    SELECT run.id
    FROM lineage_api.writing_jobs AS writing
    CROSS JOIN LATERAL (
        SELECT run.id, run.ended_at FROM lineage_api.job_runs AS run
        WHERE run.job_id = writing.job_id AND run.first_event_at < asked.at
          AND run.ended_at < asked.at AND run.state = 'COMPLETE'
          AND EXISTS (
            SELECT FROM lineage_api.run_io AS io
            WHERE io.id = run.id AND io.dataset_id = dataset.id AND io.is_output
        )
        ORDER BY run.first_event_at DESC, run.id DESC LIMIT 1
    ) AS run
    WHERE writing.dataset_id = dataset.id
    ORDER BY run.ended_at DESC, run.id DESC LIMIT 1
) AS writer
