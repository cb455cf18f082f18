-- What became of records that were rejected before.
UPDATE lineage_store.partitions AS partition
SET rejected = partition.rejected - said.stored - said.duplicates,
    stored = partition.stored + said.stored,
    duplicates = partition.duplicates + said.duplicates
FROM unnest(%(partition_id)b::integer[], %(stored)b::bigint[], %(duplicates)b::bigint[])
    AS said (id, stored, duplicates)
WHERE partition.id = said.id
