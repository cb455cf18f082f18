-- How the columns of a dataset changed.

-- The fields of a schema facet with their types: a nested one as outer.inner. A name twice counts
-- once.
CREATE OR REPLACE FUNCTION lineage_store.fields_of(schema jsonb)
RETURNS TABLE (field text, type text) LANGUAGE sql IMMUTABLE AS $$
    WITH RECURSIVE known (field, type, nested) AS (
        SELECT lineage_store.text_at(each, 'name'), lineage_store.text_at(each, 'type'),
            each -> 'fields'
        FROM lineage_store.elements(schema -> 'fields') AS each
        UNION ALL
        SELECT known.field || '.' || lineage_store.text_at(each, 'name'),
            lineage_store.text_at(each, 'type'), each -> 'fields'
        FROM known CROSS JOIN LATERAL lineage_store.elements(known.nested) AS each
    )
    SELECT known.field, max(known.type COLLATE "C") FROM known
    WHERE known.field IS NOT NULL GROUP BY known.field
$$;

CREATE OR REPLACE FUNCTION lineage.schema_changes(namespace text, name text)
RETURNS TABLE (
    changed_at timestamptz, change text, field text, type_before text, type_after text,
    told_namespace text, told_name text
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off AS $$
    WITH version AS (
        SELECT facet.owner_id, facet.first_event_at, facet.first_event_hash, stored.value
        FROM lineage_store.find_node('dataset', $1, $2) AS asked
        CROSS JOIN LATERAL lineage_store.names_of(asked.id) AS known
        JOIN lineage_store.facet_versions AS facet
            ON facet.owner = 'dataset' AND facet.owner_id = known AND facet.name = 'schema'
        JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash
        -- A facet that is deleted, or has no fields, says that nothing is known, not that they went.
        WHERE NOT facet.is_deleted AND jsonb_typeof(stored.value -> 'fields') = 'array'
    ),
    -- The first schema under a name is compared with the last one under the other names: of a
    -- table that was renamed the old one's, of two that write at once each with its own.
    compared AS (
        SELECT version.*, coalesce(
            lag(version.value) OVER (
                PARTITION BY version.owner_id
                ORDER BY version.first_event_at, version.first_event_hash
            ),
            lag(version.value) OVER (ORDER BY version.first_event_at, version.first_event_hash)
        ) AS value_before
        FROM version
    )
    SELECT compared.first_event_at, pair.change, pair.field, pair.type_before, pair.type_after,
        told.namespace, told.name
    FROM compared
    CROSS JOIN LATERAL (
        SELECT field, before.type AS type_before, after.type AS type_after,
            CASE WHEN before.known IS NULL THEN 'added'
                 WHEN after.known IS NULL THEN 'removed'
                 WHEN before.type IS DISTINCT FROM after.type THEN 'type changed' END AS change
        FROM (
            SELECT fields.field, fields.type, true AS known
            FROM lineage_store.fields_of(compared.value) AS fields
        ) AS after
        FULL JOIN (
            SELECT fields.field, fields.type, true AS known
            FROM lineage_store.fields_of(compared.value_before) AS fields
        ) AS before USING (field)
    ) AS pair
    JOIN lineage_store.datasets AS told ON told.id = compared.owner_id
    WHERE pair.change IS NOT NULL
    ORDER BY compared.first_event_at, compared.first_event_hash, pair.field COLLATE "C"
$$;
COMMENT ON FUNCTION lineage.schema_changes(text, text) IS
'How the columns of a dataset changed (facet schema), under whichever of its names: a row for each column at each eventTime at which it was added, removed, or its type changed; at the first schema all are added. A nested field is outer.inner. told_namespace, told_name: the name that the event used. A null namespace is any.';

CREATE OR REPLACE FUNCTION lineage.schema_changes(name text)
RETURNS TABLE (
    changed_at timestamptz, change text, field text, type_before text, type_after text,
    told_namespace text, told_name text
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM lineage.schema_changes(NULL, name)
$$;
COMMENT ON FUNCTION lineage.schema_changes(text) IS
'lineage.schema_changes of the one dataset that has this name in any namespace.';
