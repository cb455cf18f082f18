-- The latest runs of each of some jobs; those that sent no events of their own come last.
SELECT asked.number, run.id
FROM unnest(%(job_ids)b::bigint[], %(names)b::text[])
    WITH ORDINALITY AS asked (job_id, name, number)
CROSS JOIN LATERAL (
    (
        SELECT run.id, run.first_event_at FROM lineage_api.job_runs AS run
        WHERE run.job_id = asked.job_id AND run.name = asked.name
          AND run.first_event_at IS NOT NULL
        ORDER BY run.first_event_at DESC, run.id DESC LIMIT %(limit)s
    )
    UNION ALL
    (
        SELECT run.id, NULL FROM lineage_api.job_runs AS run
        WHERE run.job_id = asked.job_id AND run.name = asked.name AND run.first_event_at IS NULL
        ORDER BY run.id DESC LIMIT %(limit)s
    )
    LIMIT %(limit)s
) AS run
ORDER BY asked.number, run.first_event_at DESC NULLS LAST, run.id DESC
