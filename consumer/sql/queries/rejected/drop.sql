-- Delete a selection of rejected records; the counts of lineage.partitions stay: they were read.
DELETE FROM lineage_store.rejected AS rejected
USING lineage_store.partitions AS partition
WHERE (%(topic)s::text IS NULL OR partition.topic = %(topic)s)
  AND (%(partition)s::integer IS NULL OR partition.partition = %(partition)s)
  AND (%(offset)s::bigint IS NULL OR rejected.record_offset = %(offset)s)
  AND (%(reason)s::text IS NULL OR strpos(rejected.reason, %(reason)s) > 0)
  AND partition.id = rejected.partition_id
