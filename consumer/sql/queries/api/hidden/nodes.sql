-- Hide jobs or datasets, until a newer event names them.
INSERT INTO lineage_store.hidden_nodes (id, hidden_at)
SELECT id, greatest(now(), %(last_event_at)s) FROM unnest(%(ids)b::bigint[]) AS given (id)
ON CONFLICT (id) DO UPDATE SET hidden_at = excluded.hidden_at
RETURNING id
