-- The families of runs that are forgotten, in some blocks.
SELECT family.run_id
FROM lineage_store.families AS family
WHERE family.ctid >= %(first)s::text::tid AND family.ctid < %(end)s::text::tid
  AND (SELECT run.id FROM lineage_store.runs AS run WHERE run.id = family.run_id) IS NULL
