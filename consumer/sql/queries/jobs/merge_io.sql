-- What jobs read and wrote, as a batch's events tell.
INSERT INTO lineage_store.edges AS edge (
    from_id, to_id, kind, stated_by, first_event_at, last_event_at
)
SELECT
    CASE WHEN is_output THEN job_id ELSE dataset_id END,
    CASE WHEN is_output THEN dataset_id ELSE job_id END,
    CASE WHEN is_output THEN 'output' ELSE 'input' END::lineage_store.edge_kind,
    batch.job_id, batch.first_event_at, batch.last_event_at
FROM unnest(
    %(job_id)b::bigint[], %(dataset_id)b::bigint[], %(is_output)b::boolean[],
    %(first_event_at)b::timestamptz[], %(last_event_at)b::timestamptz[]
) AS batch (job_id, dataset_id, is_output, first_event_at, last_event_at)
ORDER BY batch.job_id, batch.dataset_id, is_output
ON CONFLICT (from_id, to_id, kind, stated_by, dependency_type) DO UPDATE
SET first_event_at = least(edge.first_event_at, excluded.first_event_at),
    last_event_at = greatest(edge.last_event_at, excluded.last_event_at)
