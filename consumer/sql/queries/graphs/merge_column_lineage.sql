-- What a batch says of the columns of datasets, at most one value for each dataset, job and facet.
INSERT INTO lineage_store.column_lineage AS said (
    dataset_id, job_id, facet, value_hash, is_deleted, event_time, event_hash
)
SELECT * FROM unnest(
    %(dataset_id)b::bigint[], %(job_id)b::bigint[], %(facet)b::text[], %(value_hash)b::uuid[],
    %(is_deleted)b::boolean[], %(event_time)b::timestamptz[], %(event_hash)b::uuid[]
) AS batch (dataset_id, job_id, facet)
ORDER BY dataset_id, job_id, facet COLLATE "C"
ON CONFLICT (dataset_id, job_id, facet) DO UPDATE
SET value_hash = excluded.value_hash,
    is_deleted = excluded.is_deleted,
    event_time = excluded.event_time,
    event_hash = excluded.event_hash
WHERE (excluded.event_time, excluded.event_hash) > (said.event_time, said.event_hash)
