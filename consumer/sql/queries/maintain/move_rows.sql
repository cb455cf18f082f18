-- The rows of a month out of the default partition into the month's table.
WITH moved AS (
    DELETE FROM lineage_store.{default}
    WHERE event_time >= {start} AND event_time < {finish}
    RETURNING *
)
INSERT INTO lineage_store.{month} SELECT * FROM moved
