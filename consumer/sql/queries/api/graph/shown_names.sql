-- The name (by its id) that each group of datasets is shown by.
SELECT * FROM lineage_api.shown_names(%(groups)b::bigint[])
