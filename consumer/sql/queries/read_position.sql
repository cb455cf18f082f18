-- The stored position of one partition.
SELECT next_offset
FROM lineage_store.partitions
WHERE cluster_id = %(cluster_id)s AND topic = %(topic)s AND partition = %(partition)s
