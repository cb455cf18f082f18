-- Give a tag to a job, a dataset or a field of it; one that is not known becomes so.
WITH known AS (
    INSERT INTO lineage_store.tag_notes (name)
    SELECT %(tag)s WHERE NOT EXISTS (SELECT FROM lineage_api.tags WHERE name = %(tag)s)
    ON CONFLICT (name) DO NOTHING
)
INSERT INTO lineage_store.tagged (owner_id, field, tag)
VALUES (%(owner_id)s, %(field)s, %(tag)s)
ON CONFLICT DO NOTHING
RETURNING tag
