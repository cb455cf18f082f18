-- Every token but its hash.
SELECT name, scopes, created_at FROM lineage_store.api_tokens ORDER BY name
