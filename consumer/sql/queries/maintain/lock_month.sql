-- Nobody is in the middle of writing, whose row on its way to the default partition would be refused
-- where its month has got one of its own; or of reading: who waits here for the default partition
-- alone has already chosen the partitions to read, and would miss the rows that left it meanwhile.
LOCK TABLE ONLY lineage_store.{parent}, lineage_store.{default} IN ACCESS EXCLUSIVE MODE
