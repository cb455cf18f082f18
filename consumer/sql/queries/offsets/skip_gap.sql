-- Records that Kafka deleted before they were read, and the offset after them.
WITH moved AS (
    UPDATE lineage_store.partitions
    SET next_offset = %(to_offset)s, updated_at = now()
    WHERE cluster_id = %(cluster_id)s AND topic = %(topic)s AND partition = %(partition)s
      AND next_offset = %(from_offset)s
    RETURNING id
)
INSERT INTO lineage_store.gaps (partition_id, from_offset, to_offset)
SELECT id, %(from_offset)s, %(to_offset)s FROM moved
