-- New jobs, datasets and lanes get ids that nothing in the store has.
ALTER TABLE lineage_rebuild.jobs ALTER id SET DEFAULT nextval('lineage_store.node_ids');
ALTER TABLE lineage_rebuild.datasets ALTER id SET DEFAULT nextval('lineage_store.node_ids');
ALTER TABLE lineage_rebuild.lanes ALTER id SET DEFAULT nextval('lineage_store.node_ids')
