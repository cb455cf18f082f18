-- Walking the graph of jobs and datasets, breadth first, one look-up a level.
--
-- A node is a job, a dataset (the id of its group) or a lane: a way through a job whose facet
-- `lineage` says which inputs an output comes from. Such a job is passed by its lanes only: what
-- it reads and writes beside them leads to it and no further, which is the job's id negated. Asked
-- from the job itself, or reached by an edge from another job, all of its edges count.

-- Whether an edge is of its job's last run that completed by a moment. Of a job without one, and
-- of a dataset's own facet, all edges that were stated by then are.
CREATE OR REPLACE FUNCTION lineage_store.is_latest(edge lineage_store.edges, as_of timestamptz)
RETURNS boolean LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    last_run record;
BEGIN
    -- A run begins before it ends: the index need not be read from a later begin on.
    SELECT run.id, run.first_event_at, run.last_event_at INTO last_run
    FROM lineage_store.runs AS run
    WHERE run.job_id = edge.stated_by AND run.first_event_at <= as_of
      AND run.end_state = 'COMPLETE' AND run.ended_at <= as_of
    ORDER BY run.first_event_at DESC, run.id DESC LIMIT 1;
    IF NOT FOUND THEN
        RETURN true;
    ELSIF edge.kind = 'input' THEN
        RETURN EXISTS (SELECT FROM lineage_store.run_io AS io
            WHERE io.run_id = last_run.id AND io.dataset_id = edge.from_id AND NOT io.is_output);
    ELSIF edge.kind = 'output' THEN
        RETURN EXISTS (SELECT FROM lineage_store.run_io AS io
            WHERE io.run_id = last_run.id AND io.dataset_id = edge.to_id AND io.is_output);
    END IF;
    RETURN edge.first_event_at <= last_run.last_event_at
        AND edge.last_event_at >= last_run.first_event_at;
END
$$;

-- The nodes of a level, with the other names of its datasets and the lanes of its jobs.
CREATE OR REPLACE FUNCTION lineage_store.with_names(level bigint[])
RETURNS bigint[] LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_nestloop = on SET enable_hashjoin = off
SET enable_mergejoin = off AS $$
BEGIN
    RETURN level || ARRAY(
        SELECT dataset_id FROM lineage_store.dataset_groups
        WHERE group_id = ANY (level) AND dataset_id <> group_id
        UNION ALL
        SELECT lane.id FROM lineage_store.lanes AS lane
        JOIN lineage_store.facet_statements AS said
            ON said.owner_id = lane.job_id AND said.facet = 'lineage'
           AND said.stated_at > coalesce(said.deleted_at, '-infinity')
        WHERE lane.job_id = ANY (level)
    );
END
$$;

-- The steps of a walk: for each level the edges that leave it, each with the node found by it and
-- the node (or lane) that it came from. A node has as many steps as edges lead to it; those of the
-- least depth are on shortest ways. It ends early at stop_at.
--
-- Of the recursion some rows are nodes, which have nothing but an id, so that UNION lets each pass
-- once; the other rows are ends of levels, with their depth and the steps that were found there.
-- Plain SQL, so that it becomes part of the query that asks and takes its settings.
CREATE OR REPLACE FUNCTION lineage_store.walk(
    start bigint, to_inputs boolean, max_depth integer, since timestamptz, as_of timestamptz,
    only_latest boolean, stop_at bigint
)
RETURNS TABLE (
    id bigint, depth integer, edge_id bigint, via bigint, kind lineage_store.edge_kind
)
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE present AS MATERIALIZED (
        SELECT EXISTS (SELECT FROM lineage_store.dataset_groups) AS groups, EXISTS (
            SELECT FROM lineage_store.facet_statements AS said WHERE said.facet = 'lineage'
        ) AS lanes
    ),
    walk (id, depth, ids, edge_ids, vias, kinds) AS (
        SELECT given.id, given.depth, NULL::bigint[], NULL::bigint[], NULL::bigint[],
            NULL::lineage_store.edge_kind[]
        FROM (VALUES (start, NULL::integer), (NULL, 0)) AS given (id, depth)
        UNION
        SELECT next.*
        FROM (
            SELECT walk.depth,
                array_agg(walk.id) FILTER (WHERE walk.id IS NOT NULL) OVER () AS nodes
            FROM walk
        ) AS level
        CROSS JOIN LATERAL (
            SELECT CASE WHEN (SELECT present.groups OR present.lanes FROM present)
                THEN lineage_store.with_names(level.nodes) ELSE level.nodes END AS ids
            OFFSET 0
        ) AS named
        CROSS JOIN LATERAL (
            WITH next AS (
                SELECT link.to_id AS id, link.id AS edge_id, link.from_id AS via, link.kind,
                    link.stated_by, link.kind <> 'input' AS is_to_data
                FROM lineage_store.edges AS link
                WHERE NOT to_inputs AND link.from_id = ANY (named.ids) AND NOT link.is_withdrawn
                  AND link.last_event_at >= since AND link.first_event_at <= as_of
                  AND (NOT only_latest OR lineage_store.is_latest(link, as_of))
                UNION ALL
                SELECT link.from_id, link.id, link.to_id, link.kind, link.stated_by,
                    link.kind <> 'output'
                FROM lineage_store.edges AS link
                WHERE to_inputs AND link.to_id = ANY (named.ids) AND NOT link.is_withdrawn
                  AND link.last_event_at >= since AND link.first_event_at <= as_of
                  AND (NOT only_latest OR lineage_store.is_latest(link, as_of))
            ),
            -- CASE spares the look-ups where there is nothing to find; EXISTS would be taken for a
            -- reason to read the whole table.
            found AS MATERIALIZED (
                SELECT CASE
                    WHEN (SELECT present.lanes FROM present)
                        AND next.id = next.stated_by AND next.kind IN ('input', 'output')
                        AND (
                            SELECT said.stated_at > coalesce(said.deleted_at, '-infinity')
                            FROM lineage_store.facet_statements AS said
                            WHERE said.owner_id = next.id AND said.facet = 'lineage'
                        )
                    THEN -next.id
                    WHEN (SELECT present.groups FROM present) AND next.is_to_data THEN coalesce(
                        (SELECT known.group_id FROM lineage_store.dataset_groups AS known
                         WHERE known.dataset_id = next.id), next.id
                    )
                    ELSE next.id
                END AS id, next.edge_id, next.kind, CASE
                    WHEN (SELECT present.groups FROM present)
                        AND next.kind <> CASE WHEN to_inputs THEN 'input' ELSE 'output' END
                            ::lineage_store.edge_kind
                    THEN coalesce(
                        (SELECT known.group_id FROM lineage_store.dataset_groups AS known
                         WHERE known.dataset_id = next.via), next.via
                    )
                    ELSE next.via
                END AS via
                FROM next
            )
            SELECT found.id, NULL::integer, NULL::bigint[], NULL::bigint[], NULL::bigint[],
                NULL::lineage_store.edge_kind[]
            FROM found
            UNION ALL
            SELECT NULL, level.depth + 1, array_agg(found.id), array_agg(found.edge_id),
                array_agg(found.via), array_agg(found.kind)
            FROM found HAVING count(*) > 0
        ) AS next
        WHERE level.depth < coalesce(max_depth, 2147483647)
          AND (stop_at = ANY (level.nodes)) IS NOT TRUE
    )
    SELECT unnest(walk.ids), walk.depth, unnest(walk.edge_ids), unnest(walk.vias),
        unnest(walk.kinds)
    FROM walk
    WHERE walk.ids IS NOT NULL
$$;

-- A walk as users see it: each job and dataset once, nearest first.
CREATE OR REPLACE FUNCTION lineage_store.named_walk(
    start bigint, to_inputs boolean, max_depth integer, since timestamptz, as_of timestamptz,
    edges text
)
RETURNS TABLE (
    id bigint, depth integer, kind text, namespace text, name text, via text, edge text
)
LANGUAGE plpgsql STABLE
-- One plan whatever PostgreSQL knows of the tables: look-ups by key, hash tables for the rest.
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
SET enable_nestloop = off SET enable_mergejoin = off SET enable_memoize = off SET jit = off AS $$
DECLARE
    has_lanes boolean := EXISTS (SELECT FROM lineage_store.lanes);
BEGIN
    IF edges IS NULL OR edges NOT IN ('ever', 'latest') THEN
        RAISE EXCEPTION 'edges: expected ''ever'' or ''latest'', got %',
            coalesce(quote_literal(edges), 'null') USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN QUERY
    WITH shown AS MATERIALIZED (
        SELECT DISTINCT ON (job.id) job.id, walk.depth, walk.kind, CASE WHEN has_lanes
            THEN coalesce((SELECT lane.job_id FROM lineage_store.lanes AS lane
                           WHERE lane.id = walk.via), walk.via)
            ELSE walk.via END AS via
        FROM lineage_store.walk(
            start, to_inputs, max_depth, since, as_of, edges = 'latest', NULL
        ) AS walk
        CROSS JOIN LATERAL (SELECT CASE WHEN has_lanes
            THEN coalesce((SELECT lane.job_id FROM lineage_store.lanes AS lane
                           WHERE lane.id = walk.id), abs(walk.id))
            ELSE walk.id END AS id) AS job
        WHERE job.id <> start
        ORDER BY job.id, walk.depth, walk.edge_id
    ),
    wanted AS MATERIALIZED (SELECT ARRAY(SELECT shown.id FROM shown) || start AS ids),
    names AS MATERIALIZED (
        SELECT node.* FROM wanted CROSS JOIN LATERAL lineage_store.node_names(wanted.ids) AS node
    )
    SELECT step.id, step.depth, node.kind, node.namespace, node.name,
        before.kind || ':' || before.namespace || ':' || before.name, step.kind::text
    FROM shown AS step
    JOIN names AS node ON node.id = step.id
    JOIN names AS before ON before.id = step.via
    ORDER BY step.depth, step.id;
END
$$;

CREATE OR REPLACE FUNCTION lineage.upstream(
    kind text, namespace text, name text, max_depth integer DEFAULT NULL,
    since timestamptz DEFAULT '-infinity', as_of timestamptz DEFAULT 'infinity',
    edges text DEFAULT 'ever'
)
RETURNS SETOF lineage_store.lineage_node LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT walk.depth, walk.kind, walk.namespace, walk.name, walk.via, walk.edge
    FROM lineage_store.find_node(kind, namespace, name) AS start
    CROSS JOIN LATERAL lineage_store.named_walk(
        start.id, true, max_depth, since, as_of, edges
    ) AS walk
$$;
COMMENT ON FUNCTION lineage.upstream(text, text, text, integer, timestamptz, timestamptz, text) IS
'What a dataset or job comes from: one row for each job and dataset upstream of it, nearest first. depth: the number of edges on the shortest way; via: the node before it on such a way, as kind:namespace:name; edge: why they are joined: input, output (of a job), lineage (a facet of that name), columns (columnLineage in a dataset''s own event), dependency (jobDependencies), trigger (the task that started a DAG run). kind is ''dataset'' or ''job'', null either; a null namespace is any. A dataset is found under each of its names and shown under its main one. max_depth: null is no limit. Edges that no event told of at or after since, or at or before as_of, are left out. edges ''latest'': only those of each job''s last run that completed by as_of (of a job without one all).';

CREATE OR REPLACE FUNCTION lineage.upstream(
    name text, max_depth integer DEFAULT NULL, since timestamptz DEFAULT '-infinity',
    as_of timestamptz DEFAULT 'infinity', edges text DEFAULT 'ever'
)
RETURNS SETOF lineage_store.lineage_node LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM lineage.upstream(NULL, NULL, name, max_depth, since, as_of, edges)
$$;
COMMENT ON FUNCTION lineage.upstream(text, integer, timestamptz, timestamptz, text) IS
'lineage.upstream of the one dataset or job that has this name in any namespace.';

CREATE OR REPLACE FUNCTION lineage.downstream(
    kind text, namespace text, name text, max_depth integer DEFAULT NULL,
    since timestamptz DEFAULT '-infinity', as_of timestamptz DEFAULT 'infinity',
    edges text DEFAULT 'ever'
)
RETURNS SETOF lineage_store.lineage_node LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT walk.depth, walk.kind, walk.namespace, walk.name, walk.via, walk.edge
    FROM lineage_store.find_node(kind, namespace, name) AS start
    CROSS JOIN LATERAL lineage_store.named_walk(
        start.id, false, max_depth, since, as_of, edges
    ) AS walk
$$;
COMMENT ON FUNCTION lineage.downstream(text, text, text, integer, timestamptz, timestamptz, text) IS
'What depends on a dataset or job: as lineage.upstream, in the other direction.';

CREATE OR REPLACE FUNCTION lineage.downstream(
    name text, max_depth integer DEFAULT NULL, since timestamptz DEFAULT '-infinity',
    as_of timestamptz DEFAULT 'infinity', edges text DEFAULT 'ever'
)
RETURNS SETOF lineage_store.lineage_node LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM lineage.downstream(NULL, NULL, name, max_depth, since, as_of, edges)
$$;
COMMENT ON FUNCTION lineage.downstream(text, integer, timestamptz, timestamptz, text) IS
'lineage.downstream of the one dataset or job that has this name in any namespace.';

-- The nodes on a shortest way, back from its end along the steps that the walk took.
CREATE OR REPLACE FUNCTION lineage_store.way(start bigint, goal bigint)
RETURNS SETOF lineage_store.lineage_node LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
SET enable_nestloop = off SET enable_mergejoin = off SET enable_memoize = off SET jit = off AS $$
BEGIN
    RETURN QUERY
    WITH RECURSIVE found AS MATERIALIZED (
        SELECT step.* FROM lineage_store.walk(
            start, false, NULL, '-infinity', 'infinity', false, goal
        ) AS step
        UNION ALL
        SELECT start, 0, NULL, NULL, NULL
    ),
    way (depth, shown_id, via, kind) AS (
        (SELECT step.depth, goal, step.via, step.kind
         FROM found AS step
         WHERE step.id IN (goal, -goal) OR step.id IN (
             SELECT lane.id FROM lineage_store.lanes AS lane WHERE lane.job_id = goal
         )
         ORDER BY step.depth, step.edge_id LIMIT 1)
        UNION ALL
        -- A lane is reached by itself, or with its job.
        SELECT before.*
        FROM way
        CROSS JOIN LATERAL (
            SELECT step.depth, coalesce(lane.job_id, step.id), step.via, step.kind
            FROM found AS step
            LEFT JOIN lineage_store.lanes AS lane ON lane.id = way.via
            WHERE step.depth = way.depth - 1 AND step.id IN (way.via, lane.job_id)
            ORDER BY step.edge_id LIMIT 1
        ) AS before
    ),
    names AS MATERIALIZED (
        SELECT node.*
        FROM (SELECT array_agg(way.shown_id) AS ids FROM way) AS wanted
        CROSS JOIN LATERAL lineage_store.node_names(wanted.ids) AS node
    )
    SELECT way.depth, node.kind, node.namespace, node.name,
        lag(node.kind || ':' || node.namespace || ':' || node.name) OVER (ORDER BY way.depth),
        way.kind::text
    FROM way JOIN names AS node ON node.id = way.shown_id
    ORDER BY way.depth;
END
$$;

CREATE OR REPLACE FUNCTION lineage.path(
    from_kind text, from_namespace text, from_name text,
    to_kind text, to_namespace text, to_name text
)
RETURNS SETOF lineage_store.lineage_node LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT step.*
    FROM lineage_store.find_node(from_kind, from_namespace, from_name) AS start
    CROSS JOIN LATERAL lineage_store.find_node(to_kind, to_namespace, to_name) AS goal
    CROSS JOIN LATERAL lineage_store.way(start.id, goal.id) AS step
$$;
COMMENT ON FUNCTION lineage.path(text, text, text, text, text, text) IS
'A shortest way of data from one dataset or job to another, both included, in its order; nothing where none leads there. Columns as in lineage.upstream.';

CREATE OR REPLACE FUNCTION lineage.path(from_name text, to_name text)
RETURNS SETOF lineage_store.lineage_node LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM lineage.path(NULL, NULL, from_name, NULL, NULL, to_name)
$$;
COMMENT ON FUNCTION lineage.path(text, text) IS
'lineage.path between the datasets or jobs that have these names in any namespace.';
