-- The datasets that have a name (by its key), with the id of their group.
SELECT * FROM lineage_api.dataset_groups(%(keys)b::uuid[])
