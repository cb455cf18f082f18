-- Runs by their keys, and where the program of each lay.
SELECT
    run.*,
    (
        SELECT place.location FROM lineage_api.locations AS place
        WHERE place.job_id = run.job_id
          AND place.first_event_at <= coalesce(run.ended_at, run.last_event_at)
          AND (place.ended_at IS NULL
               OR place.ended_at > coalesce(run.ended_at, run.last_event_at))
        ORDER BY place.first_event_at DESC LIMIT 1
    ) AS location
FROM lineage_api.runs AS run
WHERE run.id = ANY (%(ids)b::uuid[])
