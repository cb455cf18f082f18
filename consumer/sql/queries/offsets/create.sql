-- The start of a partition that has never been read.
INSERT INTO lineage_store.partitions (cluster_id, topic, partition, first_offset, next_offset)
VALUES (%(cluster_id)s, %(topic)s, %(partition)s, %(offset)s, %(offset)s)
ON CONFLICT (cluster_id, topic, partition) DO NOTHING
