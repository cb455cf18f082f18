-- Of these families of forgotten runs those to which no run and no other family refers: whose
-- pipeline run a run has is read from the families above it. What was named first in them counts
-- for their topmost run from now on. Returned: the families above.
WITH gone AS (
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
    RETURNING family.*
),
first AS (
    SELECT DISTINCT ON (top_run_id) top_run_id, named_by_run_id, named_at, named_pipeline_run_id
    FROM gone
    WHERE named_at IS NOT NULL AND top_run_id <> run_id
    ORDER BY top_run_id, named_at, named_pipeline_run_id COLLATE "C"
),
handed_on AS (
    UPDATE lineage_store.families AS top
    SET named_by_run_id = first.named_by_run_id,
        named_at = first.named_at,
        named_pipeline_run_id = first.named_pipeline_run_id
    FROM first
    WHERE top.run_id = first.top_run_id
      AND (
        top.named_at IS NULL
        OR (first.named_at, first.named_pipeline_run_id COLLATE "C")
            < (top.named_at, top.named_pipeline_run_id COLLATE "C")
      )
)
SELECT link_run_id, head_run_id, top_run_id FROM gone
