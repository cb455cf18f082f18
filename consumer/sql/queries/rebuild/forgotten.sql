-- How many events were stored once and are not kept.
SELECT greatest(0,
    (SELECT coalesce(sum(stored), 0) FROM lineage_store.partitions)
    - (SELECT count(*) FROM lineage_store.events)
)::bigint
