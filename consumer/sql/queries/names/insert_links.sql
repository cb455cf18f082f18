-- The joins of names in a batch that were never stated before; which they are.
INSERT INTO lineage_store.dataset_links (from_id, to_id, kind, first_event_at, last_event_at)
SELECT * FROM unnest(
    %(from_id)b::bigint[], %(to_id)b::bigint[], %(kind)b::lineage_store.link_kind[],
    %(first_event_at)b::timestamptz[], %(last_event_at)b::timestamptz[]
) AS batch (from_id, to_id, kind)
ORDER BY from_id, to_id, kind
ON CONFLICT (from_id, to_id, kind) DO NOTHING
RETURNING from_id, to_id
