-- What can be told of a store at little cost: sizes, months, what was lost or kept aside. The number
-- of events in the default partition is the one that PostgreSQL believes.
SELECT
    pg_database_size(current_database()) AS database_bytes,
    (SELECT min(start) FROM lineage_store.months WHERE parent = 'events') AS first_month,
    (
        -- Until when each month from now on has one.
        SELECT coalesce(
            min(month.finish) FILTER (
                WHERE month.finish > now() AND now() >= present.start AND NOT EXISTS (
                    SELECT FROM lineage_store.months AS next
                    WHERE next.parent = 'events' AND next.start = month.finish
                )
            ),
            max(month.finish) FILTER (WHERE month.finish <= now())
        )
        FROM lineage_store.months AS month
        LEFT JOIN lineage_store.months AS present
            ON present.parent = 'events' AND present.start <= now() AND present.finish > now()
        WHERE month.parent = 'events'
    ) AS months_end,
    (
        SELECT greatest(reltuples, 0)::bigint FROM pg_class
        WHERE oid = 'lineage_store.events_default'::regclass
    ) AS events_in_default,
    (SELECT count(*) FROM lineage_store.rejected) AS rejected,
    (
        SELECT coalesce(sum(to_offset - from_offset), 0)::bigint FROM lineage_store.gaps
    ) AS gap_records
