-- All lives of the partitions of some topics, the last of a partition last; locked.
SELECT id, topic, topic_id, partition AS number, life, next_offset
FROM lineage_store.partitions
WHERE cluster_id = %(cluster_id)s AND topic = ANY (%(topics)s)
ORDER BY id
FOR UPDATE
