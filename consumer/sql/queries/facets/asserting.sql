-- Events that may assert what a version of a facet says, of each span of moments within one: those
-- nearest to its beginning or, DESC, to its end, but for the first `passed` of them. A job has its
-- own events; a dataset has its own, and those that used it of jobs that did so at the time.
-- Looked at are 1,000 of those jobs each way, and 10,000 events of each (by the hour alone, as the
-- index of jobs has them: a condition on the time itself would lead through another index, to all
-- of the job's events in the span).
SELECT near.numbers, near.event_time, near.hash, pack.bodies[near.place], pack.raws[near.place]
FROM (
    SELECT
        array_agg(span.number) AS numbers, event.event_time, event.hash, event.pack_id, event.place
    FROM unnest(
        %(owner)b::lineage_store.facet_owner[], %(owner_id)b::bigint[],
        %(after_at)b::timestamptz[], %(after_hash)b::uuid[],
        %(before_at)b::timestamptz[], %(before_hash)b::uuid[]
    ) WITH ORDINALITY
        AS span (owner, owner_id, after_at, after_hash, before_at, before_hash, number)
    CROSS JOIN LATERAL (
        SELECT used.*
        FROM (
            SELECT span.owner_id WHERE span.owner = 'job'
            UNION
            (SELECT edge.to_id
            FROM lineage_store.edges AS edge
            WHERE span.owner = 'dataset' AND edge.from_id = span.owner_id AND edge.kind = 'input'
              AND edge.first_event_at <= span.before_at AND edge.last_event_at >= span.after_at
            LIMIT 1000)
            UNION
            (SELECT edge.from_id
            FROM lineage_store.edges AS edge
            WHERE span.owner = 'dataset' AND edge.to_id = span.owner_id AND edge.kind = 'output'
              AND edge.first_event_at <= span.before_at AND edge.last_event_at >= span.after_at
            LIMIT 1000)
        ) AS job (id)
        CROSS JOIN LATERAL (
            SELECT each.event_time, each.hash, each.pack_id, each.place
            FROM (
                SELECT of_job.*, date_bin('1 hour', event_time, '2000-01-01 00:00:00+00') AS hour
                FROM lineage_store.events AS of_job
                WHERE of_job.job_id = job.id
                  AND date_bin('1 hour', event_time, '2000-01-01 00:00:00+00')
                      BETWEEN date_bin('1 hour', span.after_at, '2000-01-01 00:00:00+00')
                      AND date_bin('1 hour', span.before_at, '2000-01-01 00:00:00+00')
                  AND (of_job.event_time, of_job.hash) > (span.after_at, span.after_hash)
                  AND (of_job.event_time, of_job.hash) < (span.before_at, span.before_hash)
                ORDER BY hour {order}, of_job.event_time {order}
                FETCH FIRST 10000 ROWS WITH TIES
            ) AS each
            WHERE span.owner = 'job'
               OR each.run_id = '00000000-0000-0000-0000-000000000000'
               OR EXISTS (
                   SELECT FROM lineage_store.run_io AS io
                   WHERE io.run_id = each.run_id AND io.dataset_id = span.owner_id
               )
            ORDER BY each.hour {order}, each.event_time {order}
            FETCH FIRST (%(passed)s + %(limit)s) ROWS WITH TIES
        ) AS used
        UNION ALL
        (SELECT own.event_time, own.hash, own.pack_id, own.place
        FROM lineage_store.events AS own
        WHERE span.owner = 'dataset' AND own.dataset_id = span.owner_id
          AND own.event_time BETWEEN span.after_at AND span.before_at
          AND (own.event_time, own.hash) > (span.after_at, span.after_hash)
          AND (own.event_time, own.hash) < (span.before_at, span.before_hash)
        ORDER BY own.event_time {order}
        FETCH FIRST (%(passed)s + %(limit)s) ROWS WITH TIES)
        ORDER BY event_time {order}, hash {order}
        OFFSET %(passed)s LIMIT %(limit)s
    ) AS event
    GROUP BY event.event_time, event.hash, event.pack_id, event.place
) AS near
JOIN lineage_store.event_packs AS pack
    ON pack.id = near.pack_id AND pack.event_time <= near.event_time
   AND pack.event_time >= date_trunc('month', near.event_time, 'UTC')
