-- Records that Kafka deleted before they were read; a gap may be found again after an offset
-- was set back.
INSERT INTO lineage_store.gaps (partition_id, from_offset, to_offset)
SELECT partition_id, from_offset, to_offset
FROM unnest(%(partition_id)b::integer[], %(from_offset)b::bigint[], %(to_offset)b::bigint[])
    AS gap (partition_id, from_offset, to_offset)
ON CONFLICT (partition_id, from_offset)
DO UPDATE SET to_offset = greatest(gaps.to_offset, excluded.to_offset)
