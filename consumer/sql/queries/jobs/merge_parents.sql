-- Under which jobs the jobs of a batch ran.
INSERT INTO lineage_store.job_parents AS known (
    job_id, parent_id, first_event_at, last_event_at
)
SELECT * FROM unnest(
    %(job_id)b::bigint[], %(parent_id)b::bigint[],
    %(first_event_at)b::timestamptz[], %(last_event_at)b::timestamptz[]
)
ON CONFLICT (job_id, parent_id) DO UPDATE
SET first_event_at = least(known.first_event_at, excluded.first_event_at),
    last_event_at = greatest(known.last_event_at, excluded.last_event_at)
