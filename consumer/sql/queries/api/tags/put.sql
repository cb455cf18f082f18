-- Say what a tag means.
INSERT INTO lineage_store.tag_notes AS known (name, description)
VALUES (%(name)s, %(description)s)
ON CONFLICT (name) DO UPDATE SET description = coalesce(excluded.description, known.description)
RETURNING name, description
