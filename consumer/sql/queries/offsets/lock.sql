-- The stored offsets of some partitions, locked until the transaction ends.
SELECT partition, id, next_offset
FROM lineage_store.partitions
WHERE cluster_id = %(cluster_id)s AND topic = %(topic)s AND partition = ANY (%(partitions)s)
ORDER BY partition
FOR UPDATE
