-- Where the store is on some partitions, and what became of the records up to there.
SELECT
    wanted.topic, wanted.topic_id, wanted.partition AS number, place.id, place.first_offset,
    place.next_offset, place.stored, place.duplicates, place.rejected, place.tombstones
FROM unnest(%(topic)s::text[], %(topic_id)s::text[], %(number)s::integer[])
    AS wanted (topic, topic_id, partition)
JOIN lineage_store.partitions AS place
  ON place.id = lineage_store.life_of(
      %(cluster_id)s, wanted.topic, wanted.topic_id, wanted.partition
  )
