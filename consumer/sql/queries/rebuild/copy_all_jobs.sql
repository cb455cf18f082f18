-- The jobs that no kept event names stay, with their names alone.
INSERT INTO lineage_rebuild.jobs (id, key, namespace, name)
SELECT id, key, namespace, name FROM lineage_store.jobs
ON CONFLICT DO NOTHING
