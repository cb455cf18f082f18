-- Names that people have taken apart stay apart.
INSERT INTO lineage_rebuild.dataset_links (
    from_id, to_id, kind, first_event_at, last_event_at, is_withdrawn, is_cut
)
SELECT
    from_id, to_id, kind::text::lineage_rebuild.link_kind, first_event_at, last_event_at,
    is_withdrawn, is_cut
FROM lineage_store.dataset_links WHERE is_cut
ON CONFLICT (from_id, to_id, kind) DO UPDATE SET is_cut = true
RETURNING from_id, to_id
