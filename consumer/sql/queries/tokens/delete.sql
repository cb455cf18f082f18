-- Takes a token away.
DELETE FROM lineage_store.api_tokens WHERE name = %(name)s
