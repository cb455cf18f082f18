-- Records that Kafka deleted before they were read.
SELECT topic, partition, from_offset, to_offset, noticed_at
FROM lineage.gaps
ORDER BY noticed_at DESC
LIMIT %(limit)s
