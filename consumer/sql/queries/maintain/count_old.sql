-- How many events and runs would be forgotten.
SELECT
    (SELECT count(*) FROM lineage_store.events WHERE event_time < %(bound)s),
    (
        SELECT count(*)
        FROM lineage_store.runs AS run
        WHERE (run.last_event_at < %(bound)s OR run.last_event_at IS NULL)
          AND NOT EXISTS (
            SELECT FROM lineage_store.run_references AS other
            WHERE other.run_id = run.id AND other.last_event_at >= %(bound)s
          )
    )
