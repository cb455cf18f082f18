-- The graph of columns around some columns, as the API draws it: every edge, not one way to each.
-- A column is that of a dataset, by the id of its group, and a name. As in Marquez, edges lead to
-- columns of datasets that have a schema, and from those that events read or wrote: others have no
-- page that a node could lead to.

-- The edges that lead to columns (outputs) and away from columns (inputs).
CREATE OR REPLACE FUNCTION lineage_api.column_edges(
    output_datasets bigint[], output_fields text[], input_datasets bigint[], input_fields text[]
)
RETURNS TABLE (
    dataset_id bigint, field text, input_dataset_id bigint, input_field text, value_hash uuid,
    event_time timestamptz
)
LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_mergejoin = off
SET enable_nestloop = on SET plan_cache_mode = force_generic_plan SET jit = off AS $$
BEGIN
    RETURN QUERY
    WITH facet AS MATERIALIZED (
        SELECT name.dataset, said.value_hash, said.event_time
        FROM lineage_store.names_in(output_datasets) AS name
        CROSS JOIN LATERAL (
            SELECT held.value_hash, held.event_time FROM lineage_store.column_lineage AS held
            WHERE held.dataset_id = name.name_id AND NOT held.is_deleted OFFSET 0
        ) AS said
    ),
    told AS MATERIALIZED (
        SELECT facet.dataset, step.field, edge.input_dataset_id, edge.input_field,
            facet.value_hash, facet.event_time
        FROM facet
        JOIN unnest(output_datasets, output_fields) AS step (dataset, field) USING (dataset)
        CROSS JOIN LATERAL (
            SELECT each.input_dataset_id, each.input_field
            FROM lineage_store.column_edges AS each
            WHERE each.value_hash = facet.value_hash
              AND left(each.field, 100) = left(step.field, 100) AND each.field = step.field
            OFFSET 0
        ) AS edge
        UNION ALL
        SELECT said.dataset_id, edge.field, edge.input_dataset_id, edge.input_field,
            edge.value_hash, said.event_time
        FROM unnest(input_datasets, input_fields) AS step (dataset, field)
        JOIN lineage_store.names_in(input_datasets) AS name USING (dataset)
        CROSS JOIN LATERAL (
            SELECT each.value_hash, each.field, each.input_dataset_id, each.input_field
            FROM lineage_store.column_edges AS each
            WHERE each.input_dataset_id = name.name_id
              AND left(each.input_field, 100) = left(step.field, 100)
              AND each.input_field = step.field AND each.field IS NOT NULL
            OFFSET 0
        ) AS edge
        CROSS JOIN LATERAL (
            SELECT held.dataset_id, held.event_time FROM lineage_store.column_lineage AS held
            WHERE held.value_hash = edge.value_hash AND NOT held.is_deleted OFFSET 0
        ) AS said
    )
    SELECT coalesce(output.group_id, told.dataset), told.field,
        coalesce(source.group_id, told.input_dataset_id), told.input_field,
        told.value_hash, told.event_time
    FROM told
    LEFT JOIN LATERAL (
        SELECT member.group_id FROM lineage_store.dataset_groups AS member
        WHERE member.dataset_id = told.dataset OFFSET 0
    ) AS output ON true
    LEFT JOIN LATERAL (
        SELECT member.group_id FROM lineage_store.dataset_groups AS member
        WHERE member.dataset_id = told.input_dataset_id OFFSET 0
    ) AS source ON true
    WHERE EXISTS (
        SELECT FROM lineage_store.datasets AS used
        WHERE used.id = told.input_dataset_id AND used.last_named_at IS NOT NULL
    ) AND EXISTS (
        SELECT FROM lineage_store.dataset_schemas AS schema
        WHERE schema.dataset_id IN (
            SELECT name_id FROM lineage_store.names_in(
                ARRAY[coalesce(output.group_id, told.dataset)]
            )
        )
    );
END
$$;

-- The edges within max_depth steps of columns: upstream, and with_downstream from each of them
-- downstream, too. Of several facets that say the same the latest counts.
CREATE OR REPLACE FUNCTION lineage_api.column_graph(
    datasets bigint[], fields text[], max_depth integer, with_downstream boolean
)
RETURNS TABLE (
    dataset_id bigint, field text, input_dataset_id bigint, input_field text, value_hash uuid
)
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET enable_nestloop = off SET enable_mergejoin = off
SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    up_datasets bigint[] := datasets;
    up_fields text[] := fields;
    down_datasets bigint[] := '{}';
    down_fields text[] := '{}';
    -- The edges that were found, each in the same place of five arrays.
    outputs bigint[] := '{}';
    output_fields text[] := '{}';
    inputs bigint[] := '{}';
    input_fields text[] := '{}';
    hashes uuid[] := '{}';
    found integer := 0;
BEGIN
    FOR step IN 1 .. max_depth LOOP
        SELECT outputs || array_agg(new.dataset_id), output_fields || array_agg(new.field),
            inputs || array_agg(new.input_dataset_id), input_fields || array_agg(new.input_field),
            hashes || array_agg(new.hash)
        INTO outputs, output_fields, inputs, input_fields, hashes
        FROM (
            SELECT edge.dataset_id, edge.field, edge.input_dataset_id, edge.input_field,
                (array_agg(edge.value_hash ORDER BY edge.event_time DESC, edge.value_hash))[1] AS hash
            FROM lineage_api.column_edges(up_datasets, up_fields, down_datasets, down_fields) AS edge
            LEFT JOIN unnest(outputs, output_fields, inputs, input_fields) AS known
                (dataset_id, field, input_dataset_id, input_field)
                USING (dataset_id, field, input_dataset_id, input_field)
            WHERE known.field IS NULL
            GROUP BY 1, 2, 3, 4
        ) AS new;
        EXIT WHEN cardinality(outputs) = found;
        SELECT array_agg(next.dataset), array_agg(next.field) INTO up_datasets, up_fields
        FROM (SELECT DISTINCT * FROM unnest(inputs[found + 1:], input_fields[found + 1:])
              AS new (dataset, field)) AS next;
        IF with_downstream THEN
            SELECT array_agg(next.dataset), array_agg(next.field) INTO down_datasets, down_fields
            FROM (SELECT DISTINCT * FROM unnest(outputs[found + 1:], output_fields[found + 1:])
                  AS new (dataset, field)) AS next;
        END IF;
        found := cardinality(outputs);
    END LOOP;
    RETURN QUERY SELECT * FROM unnest(outputs, output_fields, inputs, input_fields, hashes);
END
$$;

-- The type that each column of datasets (ids of groups) has now, and of a column that a facet makes
-- out of others how that facet says it does (members of columnLineage before its version 1-1-0).
CREATE OR REPLACE FUNCTION lineage_api.column_types(datasets bigint[])
RETURNS TABLE (dataset_id bigint, field text, type text) LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (name.dataset, known.field) name.dataset, known.field, known.type
    FROM lineage_store.names_in(datasets) AS name
    JOIN lineage_store.facet_versions AS facet
        ON facet.owner = 'dataset' AND facet.owner_id = name.name_id AND facet.name = 'schema'
       AND facet.ended_at IS NULL AND NOT facet.is_deleted
    JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash
    CROSS JOIN LATERAL lineage_store.fields_of(stored.value) AS known
    ORDER BY name.dataset, known.field, facet.last_event_at DESC, name.name_id
$$;
CREATE OR REPLACE FUNCTION lineage_api.column_transformations(hashes uuid[])
RETURNS TABLE (value_hash uuid, field text, description text, type text)
LANGUAGE sql STABLE AS $$
    SELECT stored.hash, each.name, lineage_store.text_at(each.member, 'transformationDescription'),
        lineage_store.text_at(each.member, 'transformationType')
    FROM lineage_store.facet_values AS stored
    CROSS JOIN LATERAL lineage_store.members(stored.value -> 'fields') AS each
    WHERE stored.hash = ANY (hashes)
$$;
