-- A new token; nothing where one of that name is there.
INSERT INTO lineage_store.api_tokens (name, hash, scopes) VALUES (%(name)s, %(hash)s, %(scopes)s)
ON CONFLICT (name) DO NOTHING
RETURNING true
