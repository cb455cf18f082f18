-- The last 24 hours or 7 days with the present one, in a time zone: where each begins, and where
-- the last one ends.
SELECT array_agg(moment ORDER BY moment) AS moments
FROM (
    SELECT date_trunc('hour', now(), %(timezone)s) - hour * interval '1 hour' AS moment
    FROM generate_series(-1, 23) AS hour
    WHERE %(period)s = 'DAY'
    UNION ALL
    SELECT (date_trunc('day', now() AT TIME ZONE %(timezone)s) - day * interval '1 day')
        AT TIME ZONE %(timezone)s
    FROM generate_series(-1, 6) AS day
    WHERE %(period)s = 'WEEK'
) AS moments
