-- The new positions, and what became of the records up to them.
UPDATE lineage_store.partitions AS partition
SET next_offset = batch.next_offset,
    stored = partition.stored + batch.stored,
    duplicates = partition.duplicates + batch.duplicates,
    rejected = partition.rejected + batch.rejected,
    tombstones = partition.tombstones + batch.tombstones,
    updated_at = now()
FROM unnest(
    %(ids)s::integer[], %(next_offsets)s::bigint[], %(stored)s::bigint[],
    %(duplicates)s::bigint[], %(rejected)s::bigint[], %(tombstones)s::bigint[]
) AS batch (id, next_offset, stored, duplicates, rejected, tombstones)
WHERE partition.id = batch.id
