-- Say where a source is.
INSERT INTO lineage_store.source_notes AS known (name, type, connection_url, description)
VALUES (%(name)s, %(type)s, %(connection_url)s, %(description)s)
ON CONFLICT (name) DO UPDATE
SET type = excluded.type, connection_url = excluded.connection_url,
    description = coalesce(excluded.description, known.description), updated_at = now()
RETURNING name
