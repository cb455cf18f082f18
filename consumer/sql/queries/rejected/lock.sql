-- Which of some rejected records are still there; they are locked until the transaction ends.
SELECT rejected.partition_id, rejected.record_offset
FROM lineage_store.rejected AS rejected
JOIN unnest(%(partition_id)b::integer[], %(record_offset)b::bigint[])
    AS wanted (partition_id, record_offset) USING (partition_id, record_offset)
ORDER BY rejected.partition_id, rejected.record_offset
FOR UPDATE OF rejected
