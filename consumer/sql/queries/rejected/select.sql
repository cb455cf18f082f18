-- The first rejected records of a selection after a given one, in the order of their offsets.
SELECT
    rejected.partition_id, partition.topic, partition.topic_id, partition.partition,
    rejected.record_offset, rejected.record_time, rejected.rejected_at, rejected.framing::text, rejected.reason,
    rejected.key, rejected.header_names, rejected.header_values, rejected.value
FROM lineage_store.rejected AS rejected
JOIN lineage_store.partitions AS partition ON partition.id = rejected.partition_id
WHERE (%(topic)s::text IS NULL OR partition.topic = %(topic)s)
  AND (%(partition)s::integer IS NULL OR partition.partition = %(partition)s)
  AND (%(offset)s::bigint IS NULL OR rejected.record_offset = %(offset)s)
  AND (%(reason)s::text IS NULL OR strpos(rejected.reason, %(reason)s) > 0)
  AND (rejected.partition_id, rejected.record_offset) > (%(after_partition)s, %(after_offset)s)
ORDER BY rejected.partition_id, rejected.record_offset
LIMIT %(limit)s
