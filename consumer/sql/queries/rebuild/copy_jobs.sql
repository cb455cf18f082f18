-- The jobs that events name, under the ids that they have in the store.
INSERT INTO lineage_rebuild.jobs (id, key, namespace, name)
SELECT id, key, namespace, name FROM lineage_store.jobs WHERE id = ANY (%(ids)b::bigint[])
ON CONFLICT DO NOTHING
