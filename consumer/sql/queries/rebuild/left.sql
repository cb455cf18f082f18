-- How many packs are to be derived from.
SELECT (SELECT count(*) FROM lineage_store.event_packs) - (SELECT count(*) FROM lineage_rebuild.done)
