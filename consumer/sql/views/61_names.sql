-- The names of datasets, and the edges from job to job.

CREATE OR REPLACE VIEW lineage.dataset_names AS
SELECT
    dataset.namespace, dataset.name,
    main.namespace AS main_namespace, main.name AS main_name,
    main.id = dataset.id AS is_main,
    dataset.last_named_at,
    last.lifecycle_state AS state,
    last.lifecycle_at AS state_at
FROM lineage_store.datasets AS dataset
LEFT JOIN lineage_store.dataset_groups AS known ON known.dataset_id = dataset.id
-- Without a function: a view's functions run with the rights of who asks.
CROSS JOIN LATERAL (
    SELECT member.id, member.namespace, member.name
    FROM (
        SELECT dataset.id
        UNION
        SELECT other.dataset_id FROM lineage_store.dataset_groups AS other
        WHERE other.group_id = known.group_id
    ) AS name
    JOIN lineage_store.datasets AS member USING (id)
    ORDER BY member.last_named_at DESC NULLS LAST,
        member.namespace COLLATE "C", member.name COLLATE "C" LIMIT 1
) AS main
CROSS JOIN LATERAL (
    SELECT member.lifecycle_state, member.lifecycle_at
    FROM (
        SELECT dataset.id
        UNION
        SELECT other.dataset_id FROM lineage_store.dataset_groups AS other
        WHERE other.group_id = known.group_id
    ) AS name
    JOIN lineage_store.datasets AS member USING (id)
    ORDER BY member.lifecycle_at DESC NULLS LAST, member.lifecycle_hash DESC LIMIT 1
) AS last;
COMMENT ON VIEW lineage.dataset_names IS 'Every name of every dataset. Facet symlinks, and a rename (lifecycleStateChange), join names; any of them finds the dataset.';
COMMENT ON COLUMN lineage.dataset_names.namespace IS 'Namespace of this name.';
COMMENT ON COLUMN lineage.dataset_names.name IS 'This name.';
COMMENT ON COLUMN lineage.dataset_names.main_namespace IS 'Namespace of the dataset''s main name.';
COMMENT ON COLUMN lineage.dataset_names.main_name IS 'The main name: that which an event used last for an input, an output or its own dataset.';
COMMENT ON COLUMN lineage.dataset_names.is_main IS 'Whether this is the main name.';
COMMENT ON COLUMN lineage.dataset_names.last_named_at IS 'Latest eventTime that used this name for an input, an output or its own dataset; null where facets alone name it.';
COMMENT ON COLUMN lineage.dataset_names.state IS 'Latest lifecycleStateChange of the dataset, under whichever name: ALTER, CREATE, DROP, OVERWRITE, RENAME, TRUNCATE.';
COMMENT ON COLUMN lineage.dataset_names.state_at IS 'eventTime of that change.';

CREATE OR REPLACE FUNCTION lineage.names_of(of_namespace text, of_name text)
RETURNS TABLE (namespace text, name text, is_main boolean, last_named_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off AS $$
    SELECT dataset.namespace, dataset.name,
        dataset.id = lineage_store.main_name(asked.id) AS is_main, dataset.last_named_at
    FROM lineage_store.find_node('dataset', of_namespace, of_name) AS asked
    CROSS JOIN LATERAL lineage_store.names_of(asked.id) AS known
    JOIN lineage_store.datasets AS dataset ON dataset.id = known
    ORDER BY is_main DESC, dataset.namespace COLLATE "C", dataset.name COLLATE "C"
$$;
COMMENT ON FUNCTION lineage.names_of(text, text) IS
'All names of the dataset that has this one, the main name first; columns as in lineage.dataset_names. Joined to a view that shows names as events sent them (lineage.datasets, dataset_fields, dataset_facets, job_datasets, column_lineage), it finds a dataset under any of them; the other views have a row for each name. A null namespace is any.';

CREATE OR REPLACE FUNCTION lineage.names_of(of_name text)
RETURNS TABLE (namespace text, name text, is_main boolean, last_named_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM lineage.names_of(NULL, of_name)
$$;
COMMENT ON FUNCTION lineage.names_of(text) IS
'lineage.names_of the one dataset that has this name in any namespace.';

CREATE OR REPLACE VIEW lineage.job_dependencies AS
SELECT
    upstream.namespace AS upstream_namespace, upstream.name AS upstream_name,
    downstream.namespace AS downstream_namespace, downstream.name AS downstream_name,
    edge.kind::text AS edge, nullif(edge.dependency_type, '') AS dependency_type,
    edge.first_event_at, edge.last_event_at
FROM lineage_store.edges AS edge
JOIN lineage_store.jobs AS upstream ON upstream.id = edge.from_id
JOIN lineage_store.jobs AS downstream ON downstream.id = edge.to_id
WHERE NOT edge.is_withdrawn;
COMMENT ON VIEW lineage.job_dependencies IS 'The edges from job to job: which had to end, or started the other.';
COMMENT ON COLUMN lineage.job_dependencies.upstream_namespace IS 'Namespace of the job that comes first.';
COMMENT ON COLUMN lineage.job_dependencies.upstream_name IS 'Name of the job that comes first.';
COMMENT ON COLUMN lineage.job_dependencies.downstream_namespace IS 'Namespace of the job that follows.';
COMMENT ON COLUMN lineage.job_dependencies.downstream_name IS 'Name of the job that follows.';
COMMENT ON COLUMN lineage.job_dependencies.edge IS 'dependency (run facet jobDependencies), trigger (a task that started a DAG run), lineage (facet lineage).';
COMMENT ON COLUMN lineage.job_dependencies.dependency_type IS 'dependency_type of jobDependencies, as the producer wrote it.';
COMMENT ON COLUMN lineage.job_dependencies.first_event_at IS 'Earliest eventTime that told of the edge.';
COMMENT ON COLUMN lineage.job_dependencies.last_event_at IS 'Latest eventTime that told of the edge.';
