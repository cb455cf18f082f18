-- Of these runs those to which no run with an event that is kept refers. The subquery is written so
-- that it is asked run by run, whatever PostgreSQL believes of the table's size.
DELETE FROM lineage_store.runs AS run
WHERE run.id = ANY (%(ids)b::uuid[])
  AND (
    SELECT true FROM lineage_store.run_references AS other
    WHERE other.run_id = run.id AND other.last_event_at >= %(bound)s
    LIMIT 1
  ) IS NULL
RETURNING run.id
