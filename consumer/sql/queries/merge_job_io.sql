-- The edges between jobs and datasets that a batch's events tell of.
INSERT INTO lineage_store.job_io AS edge (
    job_id, dataset_id, is_output, first_event_at, last_event_at
)
SELECT * FROM unnest(
    %(job_id)s::bigint[], %(dataset_id)s::bigint[], %(is_output)s::boolean[],
    %(first_event_at)s::timestamptz[], %(last_event_at)s::timestamptz[]
)
ON CONFLICT (job_id, is_output, dataset_id) DO UPDATE
SET first_event_at = least(edge.first_event_at, excluded.first_event_at),
    last_event_at = greatest(edge.last_event_at, excluded.last_event_at)
