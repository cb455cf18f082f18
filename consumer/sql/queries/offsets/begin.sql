-- New lives of partitions; nothing of them is stored yet.
INSERT INTO lineage_store.partitions
    (cluster_id, topic, topic_id, partition, life, first_offset, next_offset, end_offset)
SELECT cluster_id, topic, topic_id, number, life, first_offset, first_offset, first_offset
FROM unnest(
    %(cluster_id)b::text[], %(topic)b::text[], %(topic_id)b::text[], %(number)b::integer[],
    %(life)b::integer[], %(first_offset)b::bigint[]
) AS new (cluster_id, topic, topic_id, number, life, first_offset)
