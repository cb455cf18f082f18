-- The new positions, and what became of the records up to them.
UPDATE lineage_store.partitions AS partition
SET next_offset = batch.next_offset,
    stored = partition.stored + batch.stored,
    duplicates = partition.duplicates + batch.duplicates,
    rejected = partition.rejected + batch.rejected,
    tombstones = partition.tombstones + batch.tombstones,
    updated_at = now()
FROM unnest(
    %(ids)b::integer[], %(next_offsets)b::bigint[], %(stored)b::bigint[],
    %(duplicates)b::bigint[], %(rejected)b::bigint[], %(tombstones)b::bigint[]
) AS batch (id, next_offset, stored, duplicates, rejected, tombstones)
WHERE partition.id = batch.id
