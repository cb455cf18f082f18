-- What would break.

-- How often a job ran, and its last run: the latest by its first event.
CREATE OR REPLACE FUNCTION lineage_store.runs_of_job(
    job bigint, OUT last_run_at timestamptz, OUT last_state text, OUT runs_in_30_days bigint
)
LANGUAGE sql STABLE AS $$
    SELECT last.first_event_at, last.state, (
        SELECT count(*) FROM lineage_store.runs AS run
        WHERE run.job_id = job AND run.first_event_at > now() - interval '30 days'
    )
    FROM (SELECT) AS always
    LEFT JOIN LATERAL (
        SELECT run.first_event_at, lineage_store.state(run) AS state
        FROM lineage_store.runs AS run
        WHERE run.job_id = job AND run.first_event_at IS NOT NULL
        ORDER BY run.first_event_at DESC LIMIT 1
    ) AS last ON true
$$;

-- Owners in the facet `ownership` that a job, or any name of a dataset, has now.
CREATE OR REPLACE FUNCTION lineage_store.owners_of(node_kind text, node bigint)
RETURNS SETOF jsonb LANGUAGE sql STABLE AS $$
    SELECT named.value
    FROM lineage_store.current_facets AS facet
    CROSS JOIN LATERAL jsonb_array_elements(
        CASE WHEN jsonb_typeof(facet.value -> 'owners') = 'array'
             THEN facet.value -> 'owners' ELSE '[]' END
    ) AS named (value)
    WHERE facet.owner = node_kind::lineage_store.facet_owner AND facet.name = 'ownership'
      AND facet.owner_id = ANY (CASE WHEN node_kind = 'dataset'
          THEN ARRAY(SELECT lineage_store.names_of(node)) ELSE ARRAY[node] END)
$$;

CREATE OR REPLACE FUNCTION lineage.impact(kind text, namespace text, name text)
RETURNS SETOF lineage_store.impact LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT node.depth, node.kind, node.namespace, node.name, NULL::text,
        ARRAY(
            SELECT lineage_store.text_at(owner, 'name')
            FROM lineage_store.owners_of(node.kind, node.id) AS owner
        ),
        coalesce(runs.last_run_at, dataset.last_named_at), runs.last_state, runs.runs_in_30_days,
        node.via
    FROM lineage_store.find_node(kind, namespace, name) AS start
    CROSS JOIN LATERAL lineage_store.named_walk(
        start.id, false, NULL, '-infinity', 'infinity', 'ever'
    ) AS node
    LEFT JOIN LATERAL lineage_store.runs_of_job(node.id) AS runs ON node.kind = 'job'
    LEFT JOIN LATERAL (
        SELECT main.last_named_at FROM lineage_store.datasets AS main
        WHERE node.kind = 'dataset' AND main.id = lineage_store.main_name(node.id) OFFSET 0
    ) AS dataset ON true
$$;
COMMENT ON FUNCTION lineage.impact(text, text, text) IS
'All that depends on a dataset or job: lineage.downstream with owners (facet ownership), last_at (of a job the first event of its last run, of a dataset the last event that used its name), last_state (of a job''s last run) and runs_in_30_days; via as there.';

CREATE OR REPLACE FUNCTION lineage.impact(name text)
RETURNS SETOF lineage_store.impact LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM lineage.impact(NULL, NULL, name)
$$;
COMMENT ON FUNCTION lineage.impact(text) IS
'lineage.impact of the one dataset or job that has this name in any namespace.';

CREATE OR REPLACE FUNCTION lineage.column_impact(namespace text, name text, field text)
RETURNS SETOF lineage_store.impact LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH node AS MATERIALIZED (
        SELECT * FROM lineage.column_downstream(namespace, name, field)
    )
    SELECT node.depth, 'column', node.namespace, node.name, node.field, dataset.owners,
        dataset.last_named_at, NULL::text, NULL::bigint, node.via
    FROM node
    JOIN (
        SELECT each.namespace, each.name, main.last_named_at, ARRAY(
            SELECT lineage_store.text_at(owner, 'name')
            FROM lineage_store.owners_of('dataset', found.id) AS owner
        ) AS owners
        FROM (SELECT DISTINCT node.namespace, node.name FROM node) AS each
        CROSS JOIN LATERAL lineage_store.find_node('dataset', each.namespace, each.name) AS found
        CROSS JOIN LATERAL (
            SELECT known.last_named_at FROM lineage_store.datasets AS known
            WHERE known.id = lineage_store.main_name(found.id) OFFSET 0
        ) AS main
    ) AS dataset USING (namespace, name)
    ORDER BY node.depth, node.namespace COLLATE "C", node.name COLLATE "C", node.field COLLATE "C"
$$;
COMMENT ON FUNCTION lineage.column_impact(text, text, text) IS
'All columns that depend on a column: lineage.column_downstream with owners and last_at as in lineage.impact. A null namespace is any.';
