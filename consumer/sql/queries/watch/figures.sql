-- What can be told of a store at little cost: sizes, months, what was lost or kept aside. The number
-- of events in the default partition is the one that PostgreSQL believes.
SELECT
    pg_database_size(current_database()) AS database_bytes,
    (SELECT min(start) FROM lineage_store.months WHERE parent = 'events') AS first_month,
    (SELECT max(finish) FROM lineage_store.months WHERE parent = 'events') AS months_end,
    (
        SELECT greatest(reltuples, 0)::bigint FROM pg_class
        WHERE oid = 'lineage_store.events_default'::regclass
    ) AS events_in_default,
    (SELECT count(*) FROM lineage_store.rejected) AS rejected,
    (
        SELECT coalesce(sum(to_offset - from_offset), 0)::bigint FROM lineage_store.gaps
    ) AS gap_records
