-- Nobody reads the default partition while the last rows of the month leave it.
LOCK TABLE lineage_store.{default} IN ACCESS EXCLUSIVE MODE
