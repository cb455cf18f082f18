-- Walking columns, breadth first. A node is a column of a dataset: the id of its group, and a name.
-- A column that influences a whole dataset (field null in column_edges) leads to every column that
-- the dataset is known to have.

-- The columns of datasets (ids of groups): of the schemas that their names have now, and of the
-- facets that tell now what their columns come from.
CREATE OR REPLACE FUNCTION lineage_store.known_columns(datasets bigint[])
RETURNS TABLE (dataset_id bigint, field text) LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY
    WITH name AS MATERIALIZED (
        SELECT given.id AS dataset, given.id AS name FROM unnest(datasets) AS given (id)
        UNION
        SELECT member.group_id, member.dataset_id FROM lineage_store.dataset_groups AS member
        WHERE member.group_id = ANY (datasets)
    ),
    facet AS MATERIALIZED (
        SELECT name.dataset, schema.value_hash
        FROM name JOIN lineage_store.dataset_schemas AS schema ON schema.dataset_id = name.name
        UNION
        SELECT name.dataset, said.value_hash
        FROM name JOIN lineage_store.column_lineage AS said ON said.dataset_id = name.name
        WHERE NOT said.is_deleted
    )
    SELECT DISTINCT facet.dataset, known.field
    FROM facet JOIN lineage_store.facet_columns AS known USING (value_hash);
END
$$;

-- What a level of columns comes from, or leads to, with the columns that it is from.
CREATE OR REPLACE FUNCTION lineage_store.next_columns(
    datasets bigint[], fields text[], to_inputs boolean, direct_only boolean
)
RETURNS TABLE (
    dataset_id bigint, field text, via_dataset bigint, via_field text, value_hash uuid,
    type text, subtype text, masking boolean, description text
)
LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF to_inputs THEN
        RETURN QUERY
        SELECT coalesce(source.group_id, edge.input_dataset_id), edge.input_field,
            step.dataset_id, step.field, edge.value_hash,
            edge.type, edge.subtype, edge.masking, edge.description
        FROM unnest(datasets, fields) AS step (dataset_id, field)
        CROSS JOIN LATERAL (
            SELECT step.dataset_id AS id
            UNION
            SELECT member.dataset_id FROM lineage_store.dataset_groups AS member
            WHERE member.group_id = step.dataset_id
        ) AS name
        JOIN lineage_store.column_lineage AS said
            ON said.dataset_id = name.id AND NOT said.is_deleted
        CROSS JOIN LATERAL (
            SELECT each.* FROM lineage_store.column_edges AS each
            WHERE each.value_hash = said.value_hash
              AND left(each.field, 100) = left(step.field, 100) AND each.field = step.field
            UNION ALL
            SELECT each.* FROM lineage_store.column_edges AS each
            WHERE each.value_hash = said.value_hash AND left(each.field, 100) IS NULL
              AND each.field IS NULL AND NOT direct_only AND EXISTS (
                  SELECT FROM lineage_store.known_columns(ARRAY[step.dataset_id]) AS known
                  WHERE known.field = step.field
              )
        ) AS edge
        LEFT JOIN lineage_store.dataset_groups AS source
            ON source.dataset_id = edge.input_dataset_id
        WHERE NOT direct_only OR edge.type IS DISTINCT FROM 'INDIRECT';
    ELSE
        RETURN QUERY
        SELECT place.id, target.field, step.dataset_id, step.field, edge.value_hash,
            edge.type, edge.subtype, edge.masking, edge.description
        FROM unnest(datasets, fields) AS step (dataset_id, field)
        CROSS JOIN LATERAL (
            SELECT step.dataset_id AS id
            UNION
            SELECT member.dataset_id FROM lineage_store.dataset_groups AS member
            WHERE member.group_id = step.dataset_id
        ) AS name
        JOIN lineage_store.column_edges AS edge
            ON edge.input_dataset_id = name.id
           AND left(edge.input_field, 100) = left(step.field, 100)
           AND edge.input_field = step.field
        JOIN lineage_store.column_lineage AS said
            ON said.value_hash = edge.value_hash AND NOT said.is_deleted
        LEFT JOIN lineage_store.dataset_groups AS owner ON owner.dataset_id = said.dataset_id
        CROSS JOIN LATERAL (SELECT coalesce(owner.group_id, said.dataset_id) AS id) AS place
        CROSS JOIN LATERAL (
            SELECT edge.field WHERE edge.field IS NOT NULL
            UNION ALL
            SELECT known.field FROM lineage_store.known_columns(ARRAY[place.id]) AS known
            WHERE edge.field IS NULL AND NOT direct_only
        ) AS target
        WHERE NOT direct_only OR edge.type IS DISTINCT FROM 'INDIRECT';
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION lineage_store.walk_columns(
    start_dataset bigint, start_field text, to_inputs boolean, max_depth integer,
    direct_only boolean
)
RETURNS SETOF lineage_store.lineage_column LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET enable_nestloop = off SET enable_mergejoin = off
SET enable_sort = off SET jit = off AS $$
DECLARE
    steps integer := 0;
    level_datasets bigint[] := ARRAY[start_dataset];
    level_fields text[] := ARRAY[start_field];
    seen_datasets bigint[] := level_datasets;
    seen_fields text[] := level_fields;
    level lineage_store.lineage_column[];
BEGIN
    WHILE level_datasets IS NOT NULL AND steps < coalesce(max_depth, 2147483647) LOOP
        steps := steps + 1;
        WITH reached AS MATERIALIZED (
            SELECT * FROM lineage_store.next_columns(
                level_datasets, level_fields, to_inputs, direct_only
            )
        ),
        new AS (
            SELECT next.dataset_id, next.field FROM reached AS next
            EXCEPT
            SELECT unnest(seen_datasets), unnest(seen_fields)
        ),
        chosen AS (
            -- Of several columns before it the first, and of what it does DIRECT before INDIRECT.
            SELECT DISTINCT ON (next.dataset_id, next.field) next.*
            FROM new JOIN reached AS next USING (dataset_id, field)
            ORDER BY next.dataset_id, next.field, next.via_dataset, next.via_field COLLATE "C",
                next.type COLLATE "C", next.subtype COLLATE "C", next.masking,
                next.description COLLATE "C"
        ),
        names AS MATERIALIZED (
            SELECT * FROM lineage_store.node_names(ARRAY(
                SELECT next.dataset_id FROM chosen AS next
                UNION SELECT next.via_dataset FROM chosen AS next
            ))
        )
        SELECT
            array_agg(next.dataset_id), array_agg(next.field),
            array_agg(ROW(
                steps, node.namespace, node.name, next.field,
                before.namespace || ':' || before.name || ':' || next.via_field,
                next.type, next.subtype, next.masking, next.description
            )::lineage_store.lineage_column)
        INTO level_datasets, level_fields, level
        FROM chosen AS next
        JOIN names AS node ON node.id = next.dataset_id
        JOIN names AS before ON before.id = next.via_dataset;
        seen_datasets := seen_datasets || level_datasets;
        seen_fields := seen_fields || level_fields;
        RETURN QUERY SELECT step.* FROM unnest(level) AS step
            ORDER BY step.namespace COLLATE "C", step.name COLLATE "C", step.field COLLATE "C";
    END LOOP;
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
