-- Where this store is on a topic.
SELECT partition, next_offset, stored, duplicates, rejected, tombstones, first_offset
FROM lineage_store.partitions
WHERE cluster_id = %(cluster_id)s AND topic = %(topic)s
ORDER BY partition
