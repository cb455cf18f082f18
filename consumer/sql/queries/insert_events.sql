-- The events of a batch, each with its place on Kafka.
INSERT INTO lineage_store.events (
    event_time, hash, kind, event_type, run_id, job_id, dataset_id,
    partition_id, record_offset, record_time, record_bytes, framing, event, raw
)
SELECT * FROM unnest(
    %(event_time)s::timestamptz[], %(hash)s::uuid[], %(kind)s::lineage_store.event_kind[],
    %(event_type)s::text[], %(run_id)s::bigint[], %(job_id)s::bigint[], %(dataset_id)s::bigint[],
    %(partition_id)s::integer[], %(record_offset)s::bigint[], %(record_time)s::timestamptz[],
    %(record_bytes)s::integer[], %(framing)s::lineage_store.framing[], %(event)s::jsonb[],
    %(raw)s::bytea[]
)
