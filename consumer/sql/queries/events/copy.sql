-- The events of a batch, each with the place of its body.
COPY lineage_store.events (
    event_time, hash, run_id, job_id, dataset_id, pack_id, place, event_type
) FROM STDIN (FORMAT BINARY)
