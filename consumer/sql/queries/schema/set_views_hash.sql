-- The record of the views and functions, in their transaction.
INSERT INTO lineage_store.views (hash) VALUES (%(hash)s)
ON CONFLICT (is_only) DO UPDATE SET hash = excluded.hash, applied_at = now()
