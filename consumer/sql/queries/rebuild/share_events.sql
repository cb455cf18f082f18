-- What asks for events (where facets changed, say) finds those of the store.
DROP TABLE lineage_rebuild.events, lineage_rebuild.event_packs;
CREATE VIEW lineage_rebuild.events AS SELECT * FROM lineage_store.events;
CREATE VIEW lineage_rebuild.event_packs AS SELECT * FROM lineage_store.event_packs
