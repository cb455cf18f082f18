-- Which of a batch's facets have no graph yet; whoever comes first writes it.
INSERT INTO lineage_store.facet_graphs (value_hash, part)
SELECT value_hash, %(part)s FROM unnest(%(value_hash)b::uuid[]) AS batch (value_hash)
ORDER BY value_hash
ON CONFLICT (value_hash, part) DO NOTHING
RETURNING value_hash
