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
    SELECT run.id, run.first_event_at, run.last_event_at INTO last_run
    FROM lineage_store.runs AS run
    WHERE run.job_id = edge.stated_by AND run.end_state = 'COMPLETE' AND run.ended_at <= as_of
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

-- All nodes that are reached, nearest first, with their depths and the ids of the edges that led
-- there; of several, on ways of one length, the least. It ends early where it has found stop_at.
CREATE OR REPLACE FUNCTION lineage_store.walk(
    start bigint, to_inputs boolean, max_depth integer DEFAULT NULL,
    since timestamptz DEFAULT '-infinity', as_of timestamptz DEFAULT 'infinity',
    only_latest boolean DEFAULT false, stop_at bigint DEFAULT NULL,
    OUT nodes bigint[], OUT depths integer[], OUT edges bigint[]
)
LANGUAGE plpgsql STABLE
-- One plan whatever PostgreSQL knows of the tables: look-ups by key, hash tables for the rest.
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
SET enable_nestloop = on SET enable_hashjoin = off SET enable_mergejoin = off
SET enable_memoize = off
SET enable_sort = off SET jit = off AS $$
DECLARE
    has_groups boolean := EXISTS (SELECT FROM lineage_store.dataset_groups);
    has_lanes boolean := EXISTS (SELECT FROM lineage_store.facet_statements AS said
                                 WHERE said.facet = 'lineage');
    level bigint[] := ARRAY[start];
    level_edges bigint[];
    steps integer := 0;
BEGIN
    nodes := level;
    depths := '{0}';
    edges := '{NULL}';
    WHILE level IS NOT NULL AND steps < coalesce(max_depth, 2147483647)
        AND (stop_at IS NULL OR stop_at <> ALL (level))
    LOOP
        steps := steps + 1;
        IF has_groups OR has_lanes THEN
            level := lineage_store.with_names(level);
        END IF;
        WITH next AS (
            SELECT link.to_id AS id, link.id AS edge_id, link.kind, link.stated_by
            FROM lineage_store.edges AS link
            WHERE NOT to_inputs AND link.from_id = ANY (level) AND NOT link.is_withdrawn
              AND link.last_event_at >= since AND link.first_event_at <= as_of
              AND (NOT only_latest OR lineage_store.is_latest(link, as_of))
            UNION ALL
            SELECT link.from_id, link.id, link.kind, link.stated_by
            FROM lineage_store.edges AS link
            WHERE to_inputs AND link.to_id = ANY (level) AND NOT link.is_withdrawn
              AND link.last_event_at >= since AND link.first_event_at <= as_of
              AND (NOT only_latest OR lineage_store.is_latest(link, as_of))
        ),
        found AS MATERIALIZED (
            SELECT
                CASE WHEN said.owner_id IS NOT NULL THEN -next.id
                     ELSE coalesce(known.group_id, next.id) END AS id,
                min(next.edge_id) AS edge_id
            FROM next
            -- OFFSET 0 keeps these look-ups by key, and none at all where there is nothing to find.
            LEFT JOIN LATERAL (
                SELECT group_id FROM lineage_store.dataset_groups
                WHERE has_groups AND dataset_id = next.id OFFSET 0
            ) AS known ON true
            LEFT JOIN LATERAL (
                SELECT owner_id FROM lineage_store.facet_statements
                WHERE has_lanes AND next.id = next.stated_by AND next.kind IN ('input', 'output')
                  AND owner_id = next.id AND facet = 'lineage'
                  AND stated_at > coalesce(deleted_at, '-infinity') OFFSET 0
            ) AS said ON true
            GROUP BY 1
        )
        SELECT array_agg(found.id), array_agg(found.edge_id) INTO level, level_edges
        FROM found
        -- IS TRUE keeps this a look-up in a hash table, where a join would be a loop.
        WHERE (found.id IN (SELECT found.id FROM found EXCEPT SELECT unnest(nodes))) IS TRUE;
        nodes := nodes || level;
        edges := edges || level_edges;
        depths := depths || array_fill(steps, ARRAY[coalesce(cardinality(level), 0)]);
    END LOOP;
END
$$;

-- A walk as users see it: each job and dataset once, nearest first.
CREATE OR REPLACE FUNCTION lineage_store.named_walk(
    start bigint, to_inputs boolean, max_depth integer, since timestamptz, as_of timestamptz,
    edges text
)
RETURNS SETOF lineage_store.lineage_node LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_nestloop = off SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan SET jit = off AS $$
DECLARE
    reached bigint[];
    depths integer[];
    edge_ids bigint[];
    all_names bigint[];
BEGIN
    IF edges IS NULL OR edges NOT IN ('ever', 'latest') THEN
        RAISE EXCEPTION 'edges: expected ''ever'' or ''latest'', got %',
            coalesce(quote_literal(edges), 'null') USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT ARRAY(SELECT abs(unnest(walk.nodes))), walk.depths, walk.edges
    INTO reached, depths, edge_ids
    FROM lineage_store.walk(start, to_inputs, max_depth, since, as_of, edges = 'latest') AS walk;
    all_names := lineage_store.with_names(reached);
    RETURN QUERY
    WITH taken AS MATERIALIZED (
        SELECT edge.id, edge.kind, CASE WHEN to_inputs THEN edge.to_id ELSE edge.from_id END AS via
        FROM lineage_store.edges AS edge WHERE edge.id = ANY (edge_ids)
    ),
    names AS MATERIALIZED (SELECT * FROM lineage_store.node_names(all_names)),
    shown AS (
        SELECT DISTINCT ON (node.shown_id) node.id, step.depth, step.edge_id
        FROM unnest(reached, depths, edge_ids) AS step (id, depth, edge_id)
        JOIN names AS node ON node.id = step.id
        WHERE node.shown_id <> start
        ORDER BY node.shown_id, step.depth, step.edge_id
    )
    SELECT step.depth, node.kind, node.namespace, node.name,
        before.kind || ':' || before.namespace || ':' || before.name, taken.kind::text
    FROM shown AS step
    JOIN names AS node ON node.id = step.id
    JOIN taken ON taken.id = step.edge_id
    JOIN names AS before ON before.id = taken.via
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
    SELECT walk.*
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
    SELECT walk.*
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

-- The nodes on a shortest way, back from its end along the edges that the walk took.
CREATE OR REPLACE FUNCTION lineage_store.way(start bigint, goal bigint)
RETURNS SETOF lineage_store.lineage_node LANGUAGE plpgsql STABLE
SET enable_seqscan = off AS $$
DECLARE
    nodes bigint[];
    edge_ids bigint[];
    before text;
    place integer;
    places integer[] := '{}';
    step record;
BEGIN
    SELECT walk.nodes, walk.edges INTO nodes, edge_ids
    FROM lineage_store.walk(start, false, stop_at => goal) AS walk;
    place := coalesce(array_position(nodes, goal), array_position(nodes, -goal), (
        SELECT min(array_position(nodes, lane.id))
        FROM lineage_store.lanes AS lane WHERE lane.job_id = goal
    ));
    WHILE place IS NOT NULL LOOP
        places := place || places;
        SELECT coalesce(
            array_position(nodes, edge.from_id),
            array_position(nodes, lineage_store.group_of(edge.from_id)),
            (SELECT array_position(nodes, lane.job_id) FROM lineage_store.lanes AS lane
             WHERE lane.id = edge.from_id)
        ) INTO place
        FROM lineage_store.edges AS edge WHERE edge.id = edge_ids[place];
    END LOOP;
    FOR step IN
        SELECT taken.ordinal - 1 AS depth, node.*, edge.kind AS edge
        FROM unnest(places) WITH ORDINALITY AS taken (place, ordinal)
        CROSS JOIN LATERAL lineage_store.node_names(ARRAY[abs(nodes[taken.place])]) AS node
        LEFT JOIN lineage_store.edges AS edge ON edge.id = edge_ids[taken.place]
        ORDER BY taken.ordinal
    LOOP
        RETURN NEXT ROW(
            step.depth, step.kind, step.namespace, step.name, before, step.edge
        )::lineage_store.lineage_node;
        before := step.kind || ':' || step.namespace || ':' || step.name;
    END LOOP;
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
