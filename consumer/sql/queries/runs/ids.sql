-- The ids of runs, in the order of the given keys.
SELECT run.id
FROM unnest(%(key)b::uuid[]) WITH ORDINALITY AS batch (key, ordinal)
JOIN lineage_store.runs AS run USING (key)
ORDER BY ordinal
