-- The edges between jobs and datasets that a batch's events tell of.
INSERT INTO lineage_store.job_io AS edge (
    job_id, dataset_id, is_output, first_event_at, last_event_at
)
SELECT * FROM unnest(
    %(job_id)b::bigint[], %(dataset_id)b::bigint[], %(is_output)b::boolean[],
    %(first_event_at)b::timestamptz[], %(last_event_at)b::timestamptz[]
)
ON CONFLICT (job_id, is_output, dataset_id) DO UPDATE
SET first_event_at = least(edge.first_event_at, excluded.first_event_at),
    last_event_at = greatest(edge.last_event_at, excluded.last_event_at)
