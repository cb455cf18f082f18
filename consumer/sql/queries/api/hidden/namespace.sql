-- Hide a namespace and all in it, until a newer event names it.
INSERT INTO lineage_store.hidden_namespaces (name, hidden_at)
SELECT name, greatest(now(), updated_at) FROM lineage_api.namespaces WHERE name = %(name)s
ON CONFLICT (name) DO UPDATE SET hidden_at = excluded.hidden_at
RETURNING name
