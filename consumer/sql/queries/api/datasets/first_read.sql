-- How many runs wrote a dataset; and when it was read first, if that was before any had written it.
SELECT
    (SELECT count(*) FROM lineage_api.dataset_writers WHERE dataset_id = %(dataset_id)s) AS writers,
    (
        SELECT first.first_read_at FROM lineage_api.first_reads AS first
        WHERE first.dataset_id = %(dataset_id)s
          AND NOT EXISTS (
            SELECT FROM lineage_api.writing_jobs AS writing
            CROSS JOIN LATERAL (
                SELECT run.ended_at FROM lineage_api.job_runs AS run
                WHERE run.job_id = writing.job_id AND run.first_event_at < first.first_read_at
                  AND run.ended_at < first.first_read_at AND run.state = 'COMPLETE'
                  AND EXISTS (
                    SELECT FROM lineage_api.run_io AS io
                    WHERE io.id = run.id AND io.dataset_id = %(dataset_id)s AND io.is_output
                )
                LIMIT 1
            ) AS run
            WHERE writing.dataset_id = %(dataset_id)s
        )
    ) AS first_read_at
