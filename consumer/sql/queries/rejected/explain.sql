-- The reasons of rejected records as they are seen now.
UPDATE lineage_store.rejected AS rejected
SET reason = said.reason
FROM unnest(%(partition_id)b::integer[], %(record_offset)b::bigint[], %(reason)b::text[])
    AS said (partition_id, record_offset, reason)
WHERE rejected.partition_id = said.partition_id AND rejected.record_offset = said.record_offset
  AND rejected.reason <> said.reason
