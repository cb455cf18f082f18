-- When names were first and last used, and what last became of their datasets.
WITH batch AS (
    SELECT dataset.id, said.named_since, said.named_at, said.state, said.state_at, said.state_hash,
        (said.state_at, said.state_hash) > (dataset.lifecycle_at, dataset.lifecycle_hash)
            OR said.state IS NOT NULL AND dataset.lifecycle_at IS NULL AS is_later
    FROM unnest(
        %(dataset_id)b::bigint[], %(named_since)b::timestamptz[], %(named_at)b::timestamptz[],
        %(state)b::text[], %(state_at)b::timestamptz[], %(state_hash)b::uuid[]
    ) AS said (id, named_since, named_at, state, state_at, state_hash)
    JOIN lineage_store.datasets AS dataset USING (id)
    ORDER BY id
    FOR NO KEY UPDATE OF dataset
)
UPDATE lineage_store.datasets AS dataset
SET first_named_at = least(dataset.first_named_at, batch.named_since),
    last_named_at = greatest(dataset.last_named_at, batch.named_at),
    lifecycle_state = CASE WHEN is_later THEN batch.state ELSE dataset.lifecycle_state END,
    lifecycle_at = CASE WHEN is_later THEN batch.state_at ELSE dataset.lifecycle_at END,
    lifecycle_hash = CASE WHEN is_later THEN batch.state_hash ELSE dataset.lifecycle_hash END
FROM batch
WHERE dataset.id = batch.id
  AND (is_later OR greatest(dataset.last_named_at, batch.named_at)
       IS DISTINCT FROM dataset.last_named_at
       OR least(dataset.first_named_at, batch.named_since)
       IS DISTINCT FROM dataset.first_named_at)
