-- What the ended runs of a job read and wrote, from which program; the newest first.
SELECT
    run.location,
    min(run.ended_at) AS created_at,
    (array_agg(run.id ORDER BY run.first_event_at DESC, run.id DESC))[1] AS latest_run
FROM (
    SELECT
        run.id, run.first_event_at, run.ended_at,
        (
            SELECT place.location FROM lineage_api.locations AS place
            WHERE place.job_id = run.job_id AND place.first_event_at <= run.ended_at
              AND (place.ended_at IS NULL OR place.ended_at > run.ended_at)
            ORDER BY place.first_event_at DESC LIMIT 1
        ) AS location,
        ARRAY(
            SELECT io.dataset_id * 2 + io.is_output::integer FROM lineage_api.run_io AS io
            WHERE io.id = run.id AND NOT io.is_alias ORDER BY 1
        ) AS io
    FROM lineage_api.job_runs AS run
    WHERE run.job_id = %(job_id)s AND run.name = %(name)s
      AND run.first_event_at IS NOT NULL AND run.ended_at IS NOT NULL
) AS run
GROUP BY run.location, run.io
ORDER BY created_at DESC
