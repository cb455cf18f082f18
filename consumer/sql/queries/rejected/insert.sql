-- One record that is not an event, as it was on Kafka; when it comes again, it is there.
INSERT INTO lineage_store.rejected (
    partition_id, record_offset, reason, framing, record_time, key,
    header_names, header_values, value
)
VALUES (
    %(partition_id)s, %(record_offset)s, %(reason)s, %(framing)s, %(record_time)s, %(key)s,
    %(header_names)s, %(header_values)s, %(value)s
)
ON CONFLICT (partition_id, record_offset) DO NOTHING
