-- The last pack whose events are forgotten by now, if they are old.
SELECT last_value FROM lineage_store.event_pack_ids
