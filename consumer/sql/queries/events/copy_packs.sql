-- The bodies of the events of a batch, and the records that they came in.
COPY lineage_store.event_packs (
    id, event_time, bodies, raws, partition_ids, record_offsets, record_times, record_bytes,
    framings, stored_at, is_small
) FROM STDIN (FORMAT BINARY)
