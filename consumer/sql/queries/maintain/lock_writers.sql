-- Nobody is in the middle of writing: a row on its way to the default partition would be refused
-- where its month has got a partition of its own.
LOCK TABLE ONLY lineage_store.{parent} IN SHARE ROW EXCLUSIVE MODE
