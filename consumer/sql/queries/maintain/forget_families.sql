-- Of these families of forgotten runs those to which no run and no other family refers: whose
-- pipeline run a run has is read from the families above it. Returned: those above.
DELETE FROM lineage_store.families AS family
WHERE family.run_id = ANY (%(ids)b::uuid[])
  AND (SELECT run.id FROM lineage_store.runs AS run WHERE run.id = family.run_id) IS NULL
  AND (
    SELECT true FROM lineage_store.runs AS run
    WHERE coalesce(run.parent_run_id, run.upstream_run_id, run.id) = family.run_id
    LIMIT 1
  ) IS NULL
  AND (
    SELECT true FROM lineage_store.families AS other
    WHERE other.link_run_id = family.run_id AND other.run_id <> family.run_id
    LIMIT 1
  ) IS NULL
  AND (
    SELECT true FROM lineage_store.families AS other
    WHERE other.head_run_id = family.run_id AND other.run_id <> family.run_id
    LIMIT 1
  ) IS NULL
  AND (
    SELECT true FROM lineage_store.families AS other
    WHERE other.top_run_id = family.run_id AND other.run_id <> family.run_id
    LIMIT 1
  ) IS NULL
RETURNING family.link_run_id, family.head_run_id, family.top_run_id
