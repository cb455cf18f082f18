-- How far this store is on a topic, and what became of the records up to there.
SELECT partition, first_offset, next_offset, stored, duplicates, rejected, tombstones
FROM lineage_store.partitions
WHERE cluster_id = %(cluster_id)s AND topic = %(topic)s
ORDER BY partition
