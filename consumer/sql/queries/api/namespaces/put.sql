-- Say who owns a namespace and what it is for; one that was hidden is shown again.
WITH shown AS (
    DELETE FROM lineage_store.hidden_namespaces WHERE name = %(name)s
)
INSERT INTO lineage_store.namespace_notes AS known (name, owner, description)
VALUES (%(name)s, %(owner)s, %(description)s)
ON CONFLICT (name) DO UPDATE
SET owner = excluded.owner, description = coalesce(excluded.description, known.description),
    updated_at = now()
RETURNING name
