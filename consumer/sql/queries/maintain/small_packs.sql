-- Small packs after a given one, each with its month and how many events and characters it has.
SELECT
    pack.id, pack.event_time, date_trunc('month', pack.event_time, 'UTC'), pack.partition_ids[1],
    cardinality(pack.record_offsets),
    (SELECT sum(length(body))::integer FROM unnest(pack.bodies) AS body)
FROM lineage_store.event_packs AS pack
WHERE pack.is_small AND pack.id > %(after)s
ORDER BY pack.id
LIMIT %(limit)s
