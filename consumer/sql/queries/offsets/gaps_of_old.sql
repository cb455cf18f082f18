-- What is known to have been on topics that were made anew, and was not read.
SELECT topic, topic_id, partition AS number, id, next_offset, end_offset
FROM lineage_store.partitions
WHERE cluster_id = %(cluster_id)s AND topic = ANY (%(topics)s) AND topic_id <> ALL (%(topic_ids)s)
  AND end_offset > next_offset
  AND NOT EXISTS (SELECT FROM lineage_store.gaps WHERE partition_id = id AND from_offset = next_offset)
