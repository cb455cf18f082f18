-- The results of a batch's checks: of one check of a run the latest.
INSERT INTO lineage_store.quality_checks AS known (
    key, run_id, dataset_id, assertion, column_name, success, severity, event_time
)
SELECT * FROM unnest(
    %(key)b::uuid[], %(run_id)b::uuid[], %(dataset_id)b::bigint[],
    %(assertion)b::text[], %(column_name)b::text[], %(success)b::boolean[],
    %(severity)b::text[], %(event_time)b::timestamptz[]
)
ON CONFLICT (key) DO UPDATE
SET success = excluded.success, severity = excluded.severity, event_time = excluded.event_time
WHERE (excluded.event_time, coalesce(excluded.success, false), coalesce(excluded.severity, ''))
    > (known.event_time, coalesce(known.success, false), coalesce(known.severity, ''))
