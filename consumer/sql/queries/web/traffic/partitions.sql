-- Where the consumer is on each partition that it reads, and how far behind when it last looked.
SELECT
    topic, partition, next_offset, end_offset, greatest(end_offset - next_offset, 0) AS lag,
    stored, duplicates, rejected, tombstones, updated_at
FROM lineage.partitions
WHERE is_current
ORDER BY topic, partition
