-- The ids of jobs, in the order of the given keys.
SELECT job.id
FROM unnest(%(key)b::uuid[]) WITH ORDINALITY AS batch (key, ordinal)
JOIN lineage_store.jobs AS job USING (key)
ORDER BY ordinal
