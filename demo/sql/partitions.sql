-- How far the store is on a topic.
SELECT partition, next_offset FROM lineage.partitions WHERE topic = %(topic)s;
