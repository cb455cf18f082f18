-- Families that may be forgotten, and those above them; what is being changed is left out.
SELECT family.run_id
FROM lineage_store.families AS family
JOIN lineage_store.families AS top ON top.run_id = family.top_run_id
WHERE family.run_id = ANY (%(ids)b::uuid[])
FOR UPDATE SKIP LOCKED
