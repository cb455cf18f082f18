-- The columnLineage facets of a batch, at most one for each dataset and job.
INSERT INTO lineage_store.column_lineage AS facet (
    dataset_id, job_id, value_hash, is_deleted, event_time, event_hash
)
SELECT * FROM unnest(
    %(dataset_id)b::bigint[], %(job_id)b::bigint[], %(value_hash)b::uuid[],
    %(is_deleted)b::boolean[], %(event_time)b::timestamptz[], %(event_hash)b::uuid[]
)
ON CONFLICT (dataset_id, job_id) DO UPDATE
SET value_hash = excluded.value_hash,
    is_deleted = excluded.is_deleted,
    event_time = excluded.event_time,
    event_hash = excluded.event_hash
WHERE (excluded.event_time, excluded.event_hash) > (facet.event_time, facet.event_hash)
