-- The events of a batch, each with its partition and offset on Kafka.
INSERT INTO lineage_store.events (
    event_time, hash, kind, event_type, run_id, job_id, dataset_id,
    partition_id, record_offset, record_time, record_bytes, framing, event, raw
)
SELECT
    event_time, hash, kind, event_type, run_id, job_id, dataset_id,
    partition_id, record_offset, record_time, record_bytes, framing, event::jsonb, raw
FROM unnest(
    %(event_time)b::timestamptz[], %(hash)b::uuid[], %(kind)b::lineage_store.event_kind[],
    %(event_type)b::text[], %(run_id)b::bigint[], %(job_id)b::bigint[], %(dataset_id)b::bigint[],
    %(partition_id)b::integer[], %(record_offset)b::bigint[], %(record_time)b::timestamptz[],
    %(record_bytes)b::integer[], %(framing)b::lineage_store.framing[], %(event)b::text[],
    %(raw)b::bytea[]
) AS batch (
    event_time, hash, kind, event_type, run_id, job_id, dataset_id,
    partition_id, record_offset, record_time, record_bytes, framing, event, raw
)
