-- Which pipeline run each run belongs to:
-- 1. the one that its own events name;
-- 2. else that of the nearest run above it that names one: its parent, the parent's parent, ...;
--    above a run without a parent is the run it depends on (facet jobDependencies);
-- 3. else, where none above it names one, the one that is named first (by the first event of the
--    run that names it) under the topmost run above it.
-- The answer depends on the rows alone, not on the order in which they came. What an event costs
-- depends on how many runs with others under them get another head or top by it: usually none.
--
-- Views ask for it in four parts (1, 2, 3, and runs of none), so that each of them leads from a run
-- to its pipeline run and from a pipeline run to its runs by indexes.

-- Set head and top of families that are new, or whose run has another link or pipeline run, and of
-- those under them; return the tops they have now and had before.
CREATE OR REPLACE FUNCTION lineage_store.place_families(changed uuid[])
RETURNS SETOF uuid LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY WITH RECURSIVE below (run_id) AS (
        SELECT unnest(changed)
        UNION
        SELECT family.run_id
        FROM below JOIN lineage_store.families AS family ON family.link_run_id = below.run_id
    ),
    -- From each of them upwards, to the first whose head and top are right as they are. Producers
    -- may link runs in a circle: then the least of it is its top.
    way (run_id, at, head_run_id, top_run_id, seen) AS (
        SELECT below.run_id, below.run_id, NULL::uuid, NULL::uuid, '{}'::uuid[] FROM below
        UNION ALL
        SELECT
            way.run_id,
            CASE WHEN NOT is_circle AND is_below AND family.link_run_id <> way.at
                THEN family.link_run_id END,
            coalesce(
                way.head_run_id,
                CASE WHEN NOT is_below THEN family.head_run_id
                     WHEN family.pipeline_run_id IS NOT NULL THEN family.run_id END
            ),
            CASE
                WHEN is_circle THEN (
                    SELECT min(id::text)::uuid
                    FROM unnest(seen[array_position(seen, way.at):]) AS circle (id)
                )
                WHEN NOT is_below THEN family.top_run_id
                WHEN family.link_run_id IS NULL OR family.link_run_id = way.at THEN family.run_id
            END,
            seen || way.at
        FROM way
        JOIN lineage_store.families AS family ON family.run_id = way.at
        CROSS JOIN LATERAL (
            SELECT way.at = ANY (way.seen) AS is_circle,
                   EXISTS (SELECT FROM below WHERE below.run_id = way.at) AS is_below
        ) AS step
        WHERE way.top_run_id IS NULL
    ),
    place AS (
        SELECT way.run_id, way.head_run_id, way.top_run_id, before.top_run_id AS old_top_run_id
        FROM way
        JOIN lineage_store.families AS before ON before.run_id = way.run_id
        WHERE way.top_run_id IS NOT NULL
    ),
    moved AS (
        UPDATE lineage_store.families AS family
        SET head_run_id = place.head_run_id, top_run_id = place.top_run_id
        FROM place
        WHERE family.run_id = place.run_id
          AND (family.head_run_id, family.top_run_id)
              IS DISTINCT FROM (place.head_run_id, place.top_run_id)
    )
    SELECT top_run_id FROM place UNION SELECT old_top_run_id FROM place;
END
$$;

-- Set which pipeline run is named first in families, after runs changed; return their tops. A family
-- is looked through as a whole only if it is new, or the run that named it is among those.
CREATE OR REPLACE FUNCTION lineage_store.name_families(
    touched uuid[], changed uuid[], made uuid[]
)
RETURNS SETOF uuid LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY WITH known AS (
        SELECT run_id, named_by_run_id, named_at, named_pipeline_run_id,
               run_id = ANY (made) OR coalesce(named_by_run_id = ANY (changed), false) AS is_whole
        FROM lineage_store.families WHERE run_id = ANY (touched)
    ),
    candidate (run_id, named_by_run_id, named_at, named_pipeline_run_id) AS (
        SELECT coalesce(parent_run_id, upstream_run_id, id), id, first_event_at, pipeline_run_id
        FROM lineage_store.runs WHERE id = ANY (changed)
        UNION ALL
        SELECT known.run_id, run.id, run.first_event_at, run.pipeline_run_id
        FROM known
        CROSS JOIN LATERAL (
            SELECT member.id, member.first_event_at, member.pipeline_run_id
            FROM lineage_store.runs AS member
            WHERE coalesce(member.parent_run_id, member.upstream_run_id, member.id) = known.run_id
            OFFSET 0 -- only of those, whatever statistics say
        ) AS run
        WHERE known.is_whole
        UNION ALL
        SELECT run_id, named_by_run_id, named_at, named_pipeline_run_id
        FROM known WHERE NOT is_whole
    ),
    first AS (
        SELECT DISTINCT ON (known.run_id) known.run_id, candidate.named_by_run_id,
            candidate.named_at, candidate.named_pipeline_run_id
        FROM known
        LEFT JOIN candidate
            ON candidate.run_id = known.run_id AND candidate.named_pipeline_run_id IS NOT NULL
        ORDER BY known.run_id, candidate.named_at, candidate.named_pipeline_run_id COLLATE "C"
    )
    UPDATE lineage_store.families AS family
    SET named_by_run_id = first.named_by_run_id,
        named_at = first.named_at,
        named_pipeline_run_id = first.named_pipeline_run_id
    FROM first
    WHERE family.run_id = first.run_id
      AND (family.named_by_run_id, family.named_at, family.named_pipeline_run_id)
          IS DISTINCT FROM
          (first.named_by_run_id, first.named_at, first.named_pipeline_run_id)
    RETURNING family.top_run_id;
END
$$;

-- Set which pipeline run topmost runs adopt.
CREATE OR REPLACE FUNCTION lineage_store.adopt(tops uuid[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE lineage_store.families AS top
    SET adopted_pipeline_run_id = first.named_pipeline_run_id
    FROM unnest(tops) AS given (run_id)
    LEFT JOIN LATERAL (
        SELECT family.named_pipeline_run_id
        FROM lineage_store.families AS family
        WHERE family.top_run_id = given.run_id AND family.named_at IS NOT NULL
        ORDER BY family.named_at, family.named_pipeline_run_id COLLATE "C"
        LIMIT 1
    ) AS first ON true
    WHERE top.run_id = given.run_id
      AND top.adopted_pipeline_run_id IS DISTINCT FROM first.named_pipeline_run_id;
END
$$;

-- Bring families up to date after runs changed that are new, or have another link, pipeline run or
-- first event now; `left_behind` are the runs whose families they left. (In PL/pgSQL, as those it
-- calls, since that remembers its plans.)
CREATE OR REPLACE FUNCTION lineage_store.relink(changed uuid[], left_behind uuid[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    parents uuid[] := ARRAY(
        SELECT DISTINCT coalesce(parent_run_id, upstream_run_id)
        FROM lineage_store.runs
        WHERE id = ANY (changed) AND coalesce(parent_run_id, upstream_run_id) IS NOT NULL
        ORDER BY 1
    );
    touched uuid[] := parents || changed || left_behind;
    made uuid[];
    moved uuid[];
    tops uuid[] := '{}';
BEGIN
    -- Those that are there stay: maintain forgets none that is locked.
    PERFORM FROM lineage_store.families
        WHERE run_id = ANY (touched) ORDER BY run_id FOR UPDATE;
    WITH new AS (
        INSERT INTO lineage_store.families (
            run_id, link_run_id, pipeline_run_id, head_run_id, top_run_id
        )
        SELECT
            run.id, coalesce(run.parent_run_id, run.upstream_run_id), run.pipeline_run_id,
            CASE WHEN run.pipeline_run_id IS NULL THEN above.head_run_id ELSE run.id END,
            coalesce(above.top_run_id, run.id)
        FROM lineage_store.runs AS run
        LEFT JOIN lineage_store.families AS above
            ON above.run_id = coalesce(run.parent_run_id, run.upstream_run_id)
        WHERE run.id = ANY (parents)
        ORDER BY run.id
        ON CONFLICT (run_id) DO NOTHING
        RETURNING run_id
    )
    SELECT coalesce(array_agg(run_id), '{}') INTO made FROM new;
    -- Whoever changes a family waits here for others that change it, and sees their rows below.
    PERFORM FROM lineage_store.families
        WHERE run_id = ANY (touched) ORDER BY run_id FOR UPDATE;
    WITH now AS (
        UPDATE lineage_store.families AS family
        SET link_run_id = coalesce(run.parent_run_id, run.upstream_run_id),
            pipeline_run_id = run.pipeline_run_id
        FROM lineage_store.runs AS run
        WHERE family.run_id = ANY (changed || made) AND run.id = family.run_id
          AND (family.link_run_id, family.pipeline_run_id) IS DISTINCT FROM
              (coalesce(run.parent_run_id, run.upstream_run_id), run.pipeline_run_id)
        RETURNING family.run_id
    )
    SELECT coalesce(array_agg(run_id), '{}') INTO moved FROM now;
    IF cardinality(made || moved) > 0 THEN
        tops := ARRAY(SELECT lineage_store.place_families(made || moved));
    END IF;
    tops := tops || ARRAY(SELECT lineage_store.name_families(touched, changed, made));
    IF cardinality(tops) = 0 THEN
        RETURN;
    END IF;
    PERFORM FROM lineage_store.families WHERE run_id = ANY (tops) ORDER BY run_id FOR UPDATE;
    PERFORM lineage_store.adopt(tops);
END
$$;
