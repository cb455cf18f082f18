-- One batch at a time is written, whichever consumer it comes from: runs of one pipeline may
-- arrive on several partitions, and their rows are read and changed together.
SELECT pg_advisory_xact_lock(hashtextextended('lineage_store', 0))
