-- Symlinks hold until their facet is deleted; those stated later hold again. Which changed.
UPDATE lineage_store.dataset_links AS link
SET is_withdrawn = link.last_event_at <= statement.deleted_at
FROM lineage_store.facet_statements AS statement
WHERE statement.facet = 'symlinks' AND statement.owner_id = ANY (%(owners)b::bigint[])
  AND statement.deleted_at IS NOT NULL
  AND link.from_id = statement.owner_id AND link.kind = 'symlink'
  AND link.is_withdrawn <> (link.last_event_at <= statement.deleted_at)
RETURNING link.from_id, link.to_id
