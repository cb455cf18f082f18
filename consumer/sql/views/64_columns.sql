-- Walking columns, breadth first. A node is a column of a dataset: the id of its group, and a name.
-- A column that influences a whole dataset (field null in column_edges) leads to every column that
-- the dataset is known to have.

-- The names of datasets, as (id of the group, id of the name).
CREATE OR REPLACE FUNCTION lineage_store.names_in(datasets bigint[])
RETURNS TABLE (dataset bigint, name_id bigint) LANGUAGE sql STABLE AS $$
    SELECT DISTINCT given.id, given.id FROM unnest(datasets) AS given (id)
    UNION ALL
    SELECT member.group_id, member.dataset_id FROM lineage_store.dataset_groups AS member
    WHERE member.group_id = ANY (datasets) AND member.dataset_id <> member.group_id
$$;

-- The columns of datasets (ids of groups): of the schemas that their names have now, and of the
-- facets that tell now what their columns come from.
CREATE OR REPLACE FUNCTION lineage_store.known_columns(datasets bigint[])
RETURNS TABLE (dataset_id bigint, field text) LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_nestloop = on
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY
    WITH name AS MATERIALIZED (
        SELECT name.dataset, name.name_id FROM lineage_store.names_in(datasets) AS name
    ),
    facet AS MATERIALIZED (
        SELECT name.dataset, said.value_hash
        FROM name
        CROSS JOIN LATERAL (
            SELECT held.value_hash FROM lineage_store.dataset_schemas AS held
            WHERE held.dataset_id = name.name_id
            UNION
            SELECT held.value_hash FROM lineage_store.column_lineage AS held
            WHERE held.dataset_id = name.name_id AND NOT held.is_deleted
        ) AS said
    )
    SELECT DISTINCT facet.dataset, known.field
    FROM facet
    CROSS JOIN LATERAL (
        SELECT each.field FROM lineage_store.facet_columns AS each
        WHERE each.value_hash = facet.value_hash OFFSET 0
    ) AS known;
END
$$;

-- What a level of columns comes from: each column once, with the first column of the level (by its
-- place there) and the first edge that lead to it: ARRAY[place, id of column_edges].
CREATE OR REPLACE FUNCTION lineage_store.columns_before(
    datasets bigint[], fields text[], direct_only boolean
)
RETURNS TABLE (dataset_id bigint, field text, way bigint[]) LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_mergejoin = off
SET enable_nestloop = on SET plan_cache_mode = force_generic_plan SET jit = off AS $$
BEGIN
    RETURN QUERY
    WITH step AS MATERIALIZED (
        SELECT given.* FROM unnest(datasets, fields) WITH ORDINALITY
            AS given (dataset, field, place)
    ),
    facet AS MATERIALIZED (
        SELECT DISTINCT name.dataset, said.value_hash
        FROM lineage_store.names_in(datasets) AS name
        CROSS JOIN LATERAL (
            SELECT held.value_hash FROM lineage_store.column_lineage AS held
            WHERE held.dataset_id = name.name_id AND NOT held.is_deleted OFFSET 0
        ) AS said
    ),
    wide AS MATERIALIZED (
        SELECT facet.dataset, edge.*
        FROM facet
        CROSS JOIN LATERAL (
            SELECT each.id, each.input_dataset_id, each.input_field, each.type
            FROM lineage_store.column_edges AS each
            WHERE each.value_hash = facet.value_hash AND each.field IS NULL AND NOT direct_only
            OFFSET 0
        ) AS edge
    ),
    reached AS (
        SELECT edge.input_dataset_id, edge.input_field, step.place, edge.id, edge.type
        FROM facet
        JOIN step USING (dataset)
        CROSS JOIN LATERAL (
            SELECT each.input_dataset_id, each.input_field, each.id, each.type
            FROM lineage_store.column_edges AS each
            WHERE each.value_hash = facet.value_hash
              AND left(each.field, 100) = left(step.field, 100) AND each.field = step.field
            OFFSET 0
        ) AS edge
        UNION ALL
        SELECT wide.input_dataset_id, wide.input_field, step.place, wide.id, wide.type
        FROM wide
        JOIN step USING (dataset)
        JOIN lineage_store.known_columns(ARRAY(SELECT DISTINCT wide.dataset FROM wide)) AS known
            ON known.dataset_id = step.dataset AND known.field = step.field
    )
    SELECT coalesce(source.group_id, next.input_dataset_id), next.input_field, min(next.way)
    FROM (
        SELECT reached.input_dataset_id, reached.input_field,
            min(ARRAY[reached.place, reached.id]) AS way
        FROM reached
        WHERE NOT direct_only OR reached.type IS DISTINCT FROM 'INDIRECT'
        GROUP BY 1, 2
    ) AS next
    LEFT JOIN LATERAL (
        SELECT member.group_id FROM lineage_store.dataset_groups AS member
        WHERE member.dataset_id = next.input_dataset_id OFFSET 0
    ) AS source ON true
    GROUP BY 1, 2;
END
$$;

-- What a level of columns leads to, as columns_before.
CREATE OR REPLACE FUNCTION lineage_store.columns_after(
    datasets bigint[], fields text[], direct_only boolean
)
RETURNS TABLE (dataset_id bigint, field text, way bigint[]) LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_mergejoin = off
SET enable_nestloop = on SET plan_cache_mode = force_generic_plan SET jit = off AS $$
BEGIN
    RETURN QUERY
    WITH edge AS MATERIALIZED (
        SELECT step.place, edge.id, edge.value_hash, edge.field
        FROM unnest(datasets, fields) WITH ORDINALITY AS step (dataset, field, place)
        JOIN lineage_store.names_in(datasets) AS name USING (dataset)
        CROSS JOIN LATERAL (
            SELECT each.id, each.value_hash, each.field, each.type
            FROM lineage_store.column_edges AS each
            WHERE each.input_dataset_id = name.name_id
              AND left(each.input_field, 100) = left(step.field, 100)
              AND each.input_field = step.field
            OFFSET 0
        ) AS edge
        WHERE NOT direct_only OR edge.type IS DISTINCT FROM 'INDIRECT'
    ),
    facet AS MATERIALIZED (
        SELECT DISTINCT given.value_hash,
            coalesce(member.group_id, said.dataset_id) AS dataset
        FROM (SELECT DISTINCT edge.value_hash FROM edge) AS given
        CROSS JOIN LATERAL (
            SELECT held.dataset_id FROM lineage_store.column_lineage AS held
            WHERE held.value_hash = given.value_hash AND NOT held.is_deleted OFFSET 0
        ) AS said
        LEFT JOIN LATERAL (
            SELECT known.group_id FROM lineage_store.dataset_groups AS known
            WHERE known.dataset_id = said.dataset_id OFFSET 0
        ) AS member ON true
    ),
    wide AS MATERIALIZED (
        SELECT facet.dataset, edge.place, edge.id
        FROM edge JOIN facet USING (value_hash)
        WHERE edge.field IS NULL AND NOT direct_only
    )
    SELECT next.dataset, next.field, min(ARRAY[next.place, next.id])
    FROM (
        SELECT facet.dataset, edge.field, edge.place, edge.id
        FROM edge JOIN facet USING (value_hash)
        WHERE edge.field IS NOT NULL
        UNION ALL
        SELECT wide.dataset, known.field, wide.place, wide.id
        FROM wide
        JOIN lineage_store.known_columns(ARRAY(SELECT DISTINCT wide.dataset FROM wide)) AS known
            ON known.dataset_id = wide.dataset
    ) AS next
    GROUP BY 1, 2;
END
$$;

CREATE OR REPLACE FUNCTION lineage_store.walk_columns(
    start_dataset bigint, start_field text, to_inputs boolean, max_depth integer,
    direct_only boolean
)
RETURNS SETOF lineage_store.lineage_column LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET enable_nestloop = off SET enable_mergejoin = off
SET enable_seqscan = off SET enable_sort = off SET jit = off AS $$
DECLARE
    steps integer := 0;
    level_datasets bigint[] := ARRAY[start_dataset];
    level_fields text[] := ARRAY[start_field];
    places bigint[];
    edges bigint[];
    all_datasets bigint[] := level_datasets;
    all_fields text[] := level_fields;
    all_depths integer[] := '{0}';
    all_places bigint[] := '{NULL}';
    all_edges bigint[] := '{NULL}';
    begin_of_level integer;
BEGIN
    WHILE level_datasets IS NOT NULL AND steps < coalesce(max_depth, 2147483647) LOOP
        steps := steps + 1;
        begin_of_level := cardinality(all_datasets) - cardinality(level_datasets);
        WITH reached AS MATERIALIZED (
            SELECT * FROM lineage_store.columns_before(level_datasets, level_fields, direct_only)
            WHERE to_inputs
            UNION ALL
            SELECT * FROM lineage_store.columns_after(level_datasets, level_fields, direct_only)
            WHERE NOT to_inputs
        ),
        new AS (
            SELECT reached.dataset_id, reached.field FROM reached
            EXCEPT
            SELECT unnest(all_datasets), unnest(all_fields)
        )
        SELECT array_agg(next.dataset_id), array_agg(next.field),
            array_agg(next.way[1] + begin_of_level), array_agg(next.way[2])
        INTO level_datasets, level_fields, places, edges
        FROM (
            SELECT * FROM new JOIN reached USING (dataset_id, field)
            ORDER BY dataset_id, field COLLATE "C"
        ) AS next;
        all_datasets := all_datasets || level_datasets;
        all_fields := all_fields || level_fields;
        all_places := all_places || places;
        all_edges := all_edges || edges;
        all_depths := all_depths
            || array_fill(steps, ARRAY[coalesce(cardinality(level_datasets), 0)]);
    END LOOP;
    RETURN QUERY
    WITH step AS MATERIALIZED (
        SELECT * FROM unnest(all_datasets, all_fields, all_depths, all_places, all_edges)
            WITH ORDINALITY AS step (dataset_id, field, depth, place, edge_id, ordinal)
    ),
    names AS MATERIALIZED (
        SELECT * FROM lineage_store.node_names(ARRAY(SELECT DISTINCT unnest(all_datasets)))
    ),
    taken AS MATERIALIZED (
        SELECT edge.id, edge.type, edge.subtype, edge.masking, edge.description
        FROM lineage_store.column_edges AS edge WHERE edge.id = ANY (all_edges)
    )
    SELECT step.depth, node.namespace, node.name, step.field,
        before_name.namespace || ':' || before_name.name || ':' || before.field,
        taken.type, taken.subtype, taken.masking, taken.description
    FROM step
    JOIN names AS node ON node.id = step.dataset_id
    JOIN taken ON taken.id = step.edge_id
    JOIN step AS before ON before.ordinal = step.place
    JOIN names AS before_name ON before_name.id = before.dataset_id
    ORDER BY step.ordinal;
END
$$;

-- The dataset that is meant, which must have the column: columns are known from schemas, from the
-- facets that tell what they come from, and from those that name them as a source.
CREATE OR REPLACE FUNCTION lineage_store.find_column(
    wanted_namespace text, wanted_name text, wanted_field text, OUT dataset_id bigint
)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    listed text;
BEGIN
    dataset_id := (lineage_store.find_node('dataset', wanted_namespace, wanted_name)).id;
    IF EXISTS (
        SELECT FROM lineage_store.known_columns(ARRAY[dataset_id]) AS known
        WHERE known.field = wanted_field
    ) OR EXISTS (
        SELECT FROM lineage_store.column_edges AS edge
        WHERE edge.input_dataset_id IN (SELECT lineage_store.names_of(find_column.dataset_id))
          AND left(edge.input_field, 100) = left(wanted_field, 100)
          AND edge.input_field = wanted_field
    ) THEN
        RETURN;
    END IF;
    SELECT string_agg(quote_literal(near.field), ', ' ORDER BY place) INTO listed
    FROM (
        SELECT known.field, row_number() OVER (ORDER BY
            lineage_store.common_start(known.field, wanted_field) DESC, known.field COLLATE "C"
        ) AS place
        FROM lineage_store.known_columns(ARRAY[dataset_id]) AS known
    ) AS near
    WHERE place <= 20;
    RAISE EXCEPTION 'dataset % has no column %; %',
        quote_literal(wanted_name), coalesce(quote_literal(wanted_field), 'null'),
        coalesce('it has ' || listed, 'none of its columns is known')
        USING ERRCODE = 'no_data_found';
END
$$;

CREATE OR REPLACE FUNCTION lineage.column_upstream(
    namespace text, name text, field text, max_depth integer DEFAULT NULL,
    direct_only boolean DEFAULT false
)
RETURNS SETOF lineage_store.lineage_column LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT walk.*
    FROM lineage_store.find_column(namespace, name, field) AS start (dataset_id)
    CROSS JOIN LATERAL lineage_store.walk_columns(
        start.dataset_id, field, true, max_depth, direct_only
    ) AS walk
$$;
COMMENT ON FUNCTION lineage.column_upstream(text, text, text, integer, boolean) IS
'Which columns a column of a dataset comes from: one row for each, nearest first. depth: the number of steps from column to column on the shortest way; via: the column before it, as namespace:name:field; type (DIRECT, INDIRECT), subtype, masking and description: of that step, as the producer wrote them. A null namespace is any. direct_only leaves out what only decides which rows there are (INDIRECT, and columns that influence a whole dataset). A column that nobody told of is an error.';

CREATE OR REPLACE FUNCTION lineage.column_downstream(
    namespace text, name text, field text, max_depth integer DEFAULT NULL,
    direct_only boolean DEFAULT false
)
RETURNS SETOF lineage_store.lineage_column LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT walk.*
    FROM lineage_store.find_column(namespace, name, field) AS start (dataset_id)
    CROSS JOIN LATERAL lineage_store.walk_columns(
        start.dataset_id, field, false, max_depth, direct_only
    ) AS walk
$$;
COMMENT ON FUNCTION lineage.column_downstream(text, text, text, integer, boolean) IS
'Which columns depend on a column of a dataset: as lineage.column_upstream, in the other direction.';

CREATE OR REPLACE FUNCTION lineage.column_upstream(
    name text, field text, max_depth integer DEFAULT NULL, direct_only boolean DEFAULT false
)
RETURNS SETOF lineage_store.lineage_column LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM lineage.column_upstream(NULL, name, field, max_depth, direct_only)
$$;
COMMENT ON FUNCTION lineage.column_upstream(text, text, integer, boolean) IS
'lineage.column_upstream of a column of the one dataset that has this name in any namespace.';

CREATE OR REPLACE FUNCTION lineage.column_downstream(
    name text, field text, max_depth integer DEFAULT NULL, direct_only boolean DEFAULT false
)
RETURNS SETOF lineage_store.lineage_column LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM lineage.column_downstream(NULL, name, field, max_depth, direct_only)
$$;
COMMENT ON FUNCTION lineage.column_downstream(text, text, integer, boolean) IS
'lineage.column_downstream of a column of the one dataset that has this name in any namespace.';

CREATE OR REPLACE FUNCTION lineage.column_edges_among(
    namespaces text[], names text[], fields text[], direct_only boolean DEFAULT false
)
RETURNS TABLE (
    from_namespace text, from_name text, from_field text,
    to_namespace text, to_name text, to_field text, type text, subtype text
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off AS $$
    WITH shown AS MATERIALIZED (
        SELECT DISTINCT node.id, given.field
        FROM unnest(namespaces, names, fields) AS given (namespace, name, field)
        CROSS JOIN LATERAL lineage_store.nodes_named('dataset', given.namespace, given.name) AS node
    ),
    node AS MATERIALIZED (
        SELECT known.* FROM lineage_store.node_names(ARRAY(SELECT shown.id FROM shown)) AS known
    )
    SELECT start.namespace, start.name, source.field, finish.namespace, finish.name, shown.field,
        taken.type, taken.subtype
    FROM shown
    CROSS JOIN LATERAL lineage_store.columns_before(
        ARRAY[shown.id], ARRAY[shown.field], direct_only
    ) AS source
    JOIN shown AS begin ON begin.id = source.dataset_id AND begin.field = source.field
    JOIN lineage_store.column_edges AS taken ON taken.id = source.way[2]
    JOIN node AS start ON start.id = begin.id
    JOIN node AS finish ON finish.id = shown.id
    WHERE (begin.id, begin.field) <> (shown.id, shown.field)
    ORDER BY start.namespace COLLATE "C", start.name COLLATE "C", source.field COLLATE "C",
        finish.namespace COLLATE "C", finish.name COLLATE "C", shown.field COLLATE "C"
$$;
COMMENT ON FUNCTION lineage.column_edges_among(text[], text[], text[], boolean) IS
'All edges among some columns, such as those that lineage.column_upstream answers: where a column is reached over several ways, that shows one of them. The arrays hold namespace (null is any), name and column of each; names that are unknown are left out. type, subtype and direct_only: as in lineage.column_upstream. Datasets under their main names.';
