-- Ids for new packs.
SELECT nextval('lineage_store.event_pack_ids') FROM generate_series(1, %(count)s)
