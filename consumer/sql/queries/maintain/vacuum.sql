-- The place of rows that were moved or deleted is free again, and the planner knows of it.
VACUUM (ANALYZE) lineage_store.{table}
