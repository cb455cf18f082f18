-- The ids of datasets, in the order of the given keys.
SELECT dataset.id
FROM unnest(%(key)b::uuid[]) WITH ORDINALITY AS batch (key, ordinal)
JOIN lineage_store.datasets AS dataset USING (key)
ORDER BY ordinal
