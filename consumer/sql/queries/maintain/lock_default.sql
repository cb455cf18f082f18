-- No row comes into the default partition until the month's is there.
LOCK TABLE lineage_store.{default} IN ACCESS EXCLUSIVE MODE
