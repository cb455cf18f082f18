-- What `openlineage-avro-consumer maintain` asks about months, and about runs that nothing needs any more.

-- The partitions of events and of packs; the default one has neither start nor finish.
CREATE OR REPLACE VIEW lineage_store.months AS
SELECT
    parent.relname::text AS parent,
    month.relname::text AS name,
    substring(bound.text FROM $$FROM \('([^']+)'\)$$)::timestamptz AS start,
    substring(bound.text FROM $$TO \('([^']+)'\)$$)::timestamptz AS finish
FROM pg_catalog.pg_inherits AS link
JOIN pg_catalog.pg_class AS parent ON parent.oid = link.inhparent
JOIN pg_catalog.pg_class AS month ON month.oid = link.inhrelid
CROSS JOIN LATERAL pg_catalog.pg_get_expr(month.relpartbound, month.oid) AS bound (text)
WHERE parent.oid IN (
    'lineage_store.events'::pg_catalog.regclass, 'lineage_store.event_packs'::pg_catalog.regclass
) AND month.relkind = 'r';

-- Which run refers to which: as its parent, as its root, as the one it depends on. Each part has an
-- index of its own; without a link a run is in runs_family under its own id.
CREATE OR REPLACE VIEW lineage_store.run_references AS
SELECT coalesce(parent_run_id, upstream_run_id, id) AS run_id, last_event_at
FROM lineage_store.runs
UNION ALL
SELECT root_run_id, last_event_at FROM lineage_store.runs WHERE root_run_id <> parent_run_id
UNION ALL
SELECT upstream_run_id, last_event_at
FROM lineage_store.runs WHERE upstream_run_id <> parent_run_id;

-- An array of one element where all are alike, as packs hold what is the same of all their events.
CREATE OR REPLACE FUNCTION lineage_store.short(elements anyarray)
RETURNS anyarray LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN cardinality(array_positions(elements, elements[1])) = cardinality(elements)
        THEN elements[1:1] ELSE elements
    END
$$;
