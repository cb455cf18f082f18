-- Families that may be forgotten; those that are being changed are left out.
SELECT run_id FROM lineage_store.families WHERE run_id = ANY (%(ids)b::uuid[])
FOR UPDATE SKIP LOCKED
