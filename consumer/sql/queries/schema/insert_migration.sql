-- The record of a migration, in its transaction.
INSERT INTO lineage_store.migrations (version, name, hash)
VALUES (%(version)s, %(name)s, %(hash)s)
