-- Whose pipeline run those take that name none, after these runs changed and left those families.
SELECT lineage_store.relink(%(changed)b::uuid[], %(left)b::uuid[])
