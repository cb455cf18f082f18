-- The edges that a batch's facets state.
INSERT INTO lineage_store.edges AS edge (
    from_id, to_id, kind, stated_by, dependency_type, first_event_at, last_event_at
)
SELECT * FROM unnest(
    %(from_id)b::bigint[], %(to_id)b::bigint[], %(kind)b::lineage_store.edge_kind[],
    %(stated_by)b::bigint[], %(dependency_type)b::text[],
    %(first_event_at)b::timestamptz[], %(last_event_at)b::timestamptz[]
) AS batch (from_id, to_id, kind, stated_by, dependency_type)
ORDER BY from_id, to_id, kind, stated_by, dependency_type COLLATE "C"
ON CONFLICT (from_id, to_id, kind, stated_by, dependency_type) DO UPDATE
SET first_event_at = least(edge.first_event_at, excluded.first_event_at),
    last_event_at = greatest(edge.last_event_at, excluded.last_event_at)
