-- Forget rejected records.
DELETE FROM lineage_store.rejected AS rejected
USING unnest(%(partition_id)b::integer[], %(record_offset)b::bigint[])
    AS gone (partition_id, record_offset)
WHERE rejected.partition_id = gone.partition_id AND rejected.record_offset = gone.record_offset
