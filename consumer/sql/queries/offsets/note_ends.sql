-- Where partitions end by now; and their topic's id, if it was not known.
UPDATE lineage_store.partitions AS place
SET end_offset = greatest(place.end_offset, seen.end_offset),
    topic_id = coalesce(nullif(place.topic_id, ''), seen.topic_id)
FROM unnest(
    %(cluster_id)b::text[], %(topic)b::text[], %(topic_id)b::text[], %(number)b::integer[],
    %(end_offset)b::bigint[]
) AS seen (cluster_id, topic, topic_id, number, end_offset)
WHERE place.id = lineage_store.life_of(
    seen.cluster_id, seen.topic, seen.topic_id, seen.number
)
