-- The stored offsets of some partitions, locked until the transaction ends.
SELECT wanted.topic, wanted.topic_id, wanted.partition AS number, place.id, place.next_offset
FROM unnest(%(topic)s::text[], %(topic_id)s::text[], %(number)s::integer[])
    AS wanted (topic, topic_id, partition)
JOIN lineage_store.partitions AS place
  ON place.id = lineage_store.life_of(
      %(cluster_id)s, wanted.topic, wanted.topic_id, wanted.partition
  )
ORDER BY place.id
FOR UPDATE OF place
