-- Old events in some blocks of the default partition.
DELETE FROM lineage_store.events_default
WHERE event_time < %(bound)s AND ctid >= %(first)s::text::tid AND ctid < %(end)s::text::tid
