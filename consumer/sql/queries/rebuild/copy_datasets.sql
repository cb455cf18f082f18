-- The datasets that events name, under the ids that they have in the store.
INSERT INTO lineage_rebuild.datasets (id, key, namespace, name)
SELECT id, key, namespace, name FROM lineage_store.datasets WHERE id = ANY (%(ids)b::bigint[])
ON CONFLICT DO NOTHING
