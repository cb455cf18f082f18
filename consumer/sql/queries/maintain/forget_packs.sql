-- Old packs in some blocks of the default partition. Those of late events are left to next time.
DELETE FROM lineage_store.event_packs_default
WHERE event_time < %(bound)s AND id <= %(last_pack)s
  AND ctid >= %(first)s::text::tid AND ctid < %(end)s::text::tid
