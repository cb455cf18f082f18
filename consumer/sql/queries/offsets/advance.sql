-- The new offsets, and how many records became what on the way to them.
UPDATE lineage_store.partitions AS partition
SET next_offset = batch.next_offset,
    stored = partition.stored + batch.stored,
    duplicates = partition.duplicates + batch.duplicates,
    rejected = partition.rejected + batch.rejected,
    tombstones = partition.tombstones + batch.tombstones,
    updated_at = now()
FROM unnest(
    %(partition_id)b::integer[], %(next_offset)b::bigint[], %(stored)b::bigint[],
    %(duplicates)b::bigint[], %(rejected)b::bigint[], %(tombstones)b::bigint[]
) AS batch (id, next_offset, stored, duplicates, rejected, tombstones)
WHERE partition.id = batch.id
