-- The datasets that no kept event names stay, with their names alone.
INSERT INTO lineage_rebuild.datasets (id, key, namespace, name)
SELECT id, key, namespace, name FROM lineage_store.datasets
ON CONFLICT DO NOTHING
