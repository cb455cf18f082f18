-- Runs in some blocks without an event that is kept. Who stores events of them waits from here on;
-- those of which events are being stored are left out.
SELECT id
FROM lineage_store.runs
WHERE (last_event_at < %(bound)s OR last_event_at IS NULL)
  AND ctid >= %(first)s::text::tid AND ctid < %(end)s::text::tid
FOR UPDATE SKIP LOCKED
