-- Whoever stores events or takes names apart waits at the first statement, before it has locked
-- anything.
LOCK TABLE lineage_store.partitions, lineage_store.rejected, lineage_store.dataset_links
    IN EXCLUSIVE MODE
