-- What the runs of a batch read and wrote.
INSERT INTO lineage_store.run_io AS known (
    run_id, dataset_id, is_output, last_event_at, rows, bytes, files
)
SELECT * FROM unnest(
    %(run_id)b::uuid[], %(dataset_id)b::bigint[], %(is_output)b::boolean[],
    %(last_event_at)b::timestamptz[],
    %(rows)b::bigint[], %(bytes)b::bigint[], %(files)b::bigint[]
)
ON CONFLICT (run_id, dataset_id, is_output) DO UPDATE
SET last_event_at = greatest(known.last_event_at, excluded.last_event_at),
    rows = greatest(known.rows, excluded.rows),
    bytes = greatest(known.bytes, excluded.bytes),
    files = greatest(known.files, excluded.files)
WHERE (known.last_event_at, known.rows, known.bytes, known.files) IS DISTINCT FROM (
    greatest(known.last_event_at, excluded.last_event_at),
    greatest(known.rows, excluded.rows),
    greatest(known.bytes, excluded.bytes),
    greatest(known.files, excluded.files)
)
