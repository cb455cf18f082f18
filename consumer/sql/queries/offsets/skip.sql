-- Offsets after records that Kafka deleted.
UPDATE lineage_store.partitions AS place
SET next_offset = gap.to_offset, updated_at = now()
FROM unnest(%(partition_id)b::integer[], %(from_offset)b::bigint[], %(to_offset)b::bigint[])
    AS gap (partition_id, from_offset, to_offset)
WHERE place.id = gap.partition_id AND place.next_offset = gap.from_offset
