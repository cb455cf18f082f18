-- Which pipeline run each run belongs to, over the families that parent_run_id makes.

-- Set pipeline_run_id on every run of the families of the given runs:
-- 1. its own, where one of its events names it;
-- 2. else that of its nearest ancestor that has its own;
-- 3. else what the nearest of itself and its ancestors adopts from its descendants: that of
--    the descendant whose first event is the earliest, run_id deciding between equals.
-- The answer depends on the rows alone, not on the order in which they came.
CREATE OR REPLACE FUNCTION lineage_store.propagate_pipeline_run_id(changed bigint[])
RETURNS void LANGUAGE sql AS $$
    WITH RECURSIVE family (id) AS (
        SELECT unnest(changed)
        UNION
        SELECT related.id
        FROM family
        JOIN lineage_store.runs AS member ON member.id = family.id
        CROSS JOIN LATERAL (
            SELECT member.parent_run_id WHERE member.parent_run_id IS NOT NULL
            UNION ALL
            SELECT child.id FROM lineage_store.runs AS child
            WHERE child.parent_run_id = member.id
        ) AS related (id)
    ),
    -- path guards against producers whose parents form a circle.
    ancestry (id, ancestor_id, depth, path) AS (
        SELECT id, id, 0, ARRAY[id] FROM family
        UNION ALL
        SELECT ancestry.id, run.parent_run_id, depth + 1, path || run.parent_run_id
        FROM ancestry
        JOIN lineage_store.runs AS run ON run.id = ancestry.ancestor_id
        WHERE run.parent_run_id IS NOT NULL AND run.parent_run_id <> ALL (path)
    ),
    inherited AS (
        SELECT DISTINCT ON (ancestry.id) ancestry.id, ancestor.own_pipeline_run_id
        FROM ancestry
        JOIN lineage_store.runs AS ancestor ON ancestor.id = ancestry.ancestor_id
        WHERE ancestor.own_pipeline_run_id IS NOT NULL
        ORDER BY ancestry.id, depth
    ),
    adopted AS (
        SELECT DISTINCT ON (ancestor_id) ancestor_id, descendant.own_pipeline_run_id
        FROM ancestry
        JOIN lineage_store.runs AS descendant ON descendant.id = ancestry.id
        WHERE descendant.own_pipeline_run_id IS NOT NULL
        ORDER BY ancestor_id, descendant.first_event_at, descendant.run_id COLLATE "C"
    ),
    passed_on AS (
        SELECT DISTINCT ON (ancestry.id) ancestry.id, adopted.own_pipeline_run_id
        FROM ancestry
        JOIN adopted ON adopted.ancestor_id = ancestry.ancestor_id
        ORDER BY ancestry.id, depth
    )
    UPDATE lineage_store.runs AS run
    SET pipeline_run_id = coalesce(inherited.own_pipeline_run_id, passed_on.own_pipeline_run_id)
    FROM family
    LEFT JOIN inherited ON inherited.id = family.id
    LEFT JOIN passed_on ON passed_on.id = family.id
    WHERE run.id = family.id
      AND run.pipeline_run_id IS DISTINCT FROM
          coalesce(inherited.own_pipeline_run_id, passed_on.own_pipeline_run_id)
$$;
