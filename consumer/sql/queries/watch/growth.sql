-- What the events that are kept take, with all that is derived from them, and how many came in the
-- last seven whole days (UTC, of eventTime), or since the first day where that is less: that a
-- topic's history is read, or a backlog, is no growth.
WITH
    today AS (
        SELECT (now() AT TIME ZONE 'UTC')::date AS day
    ),
    kept AS (
        SELECT event_days.day, sum(event_days.events)::bigint AS events
        FROM lineage_store.event_days
        WHERE event_days.day >= coalesce(
            (
                SELECT (min(months.start) AT TIME ZONE 'UTC')::date
                FROM lineage_store.months WHERE months.parent = 'events'
            ),
            '-infinity'
        )
        GROUP BY event_days.day
    )
SELECT
    (
        SELECT sum(pg_total_relation_size(pg_class.oid))::bigint FROM pg_class
        WHERE pg_class.relnamespace = 'lineage_store'::regnamespace
          AND pg_class.relkind IN ('r', 'm')
    ) AS table_bytes,
    coalesce(sum(kept.events), 0)::bigint AS events,
    coalesce(
        sum(kept.events) FILTER (WHERE kept.day BETWEEN today.day - 7 AND today.day - 1), 0
    )::bigint AS recent_events,
    coalesce(greatest(least(today.day - min(kept.day), 7), 0), 0) AS recent_days
FROM today LEFT JOIN kept ON true
GROUP BY today.day
