-- Task graphs of DAGs: each version, as the DAG's START events told it.

-- The versions of each DAG's graph, and when it had them; a graph may come back.
CREATE OR REPLACE VIEW lineage_store.task_graphs AS
SELECT
    facet.owner_id AS job_id, facet.value_hash, facet.ended_at IS NULL AS is_current,
    facet.last_event_at
FROM lineage_store.facet_versions AS facet
WHERE facet.owner = 'job' AND facet.name = 'airflow' AND NOT facet.is_deleted
  AND NOT EXISTS (
      SELECT FROM lineage_store.facet_versions AS later
      WHERE later.owner = 'job' AND later.owner_id = facet.owner_id AND later.name = 'airflow'
        AND later.value_hash = facet.value_hash AND NOT later.is_deleted
        AND (later.first_event_at, later.first_event_hash)
            > (facet.first_event_at, facet.first_event_hash)
  );

CREATE OR REPLACE VIEW lineage.task_graph_nodes AS
SELECT
    job.namespace AS job_namespace, job.name AS dag_id, node.kind, node.node_id,
    node.task_group, node.operator, node.label, node.is_setup, node.is_teardown,
    node.value_hash AS task_graph_id, graph.is_current, node.emits_ol_events
FROM lineage_store.task_graphs AS graph
JOIN lineage_store.jobs AS job ON job.id = graph.job_id
JOIN lineage_store.task_graph_nodes AS node ON node.value_hash = graph.value_hash;
COMMENT ON VIEW lineage.task_graph_nodes IS 'The tasks and task groups of each version of each DAG''s graph; WHERE is_current: of the one it has now.';
COMMENT ON COLUMN lineage.task_graph_nodes.job_namespace IS 'Namespace of the DAG''s job.';
COMMENT ON COLUMN lineage.task_graph_nodes.dag_id IS 'Name of the DAG''s job: the dag_id.';
COMMENT ON COLUMN lineage.task_graph_nodes.kind IS 'task or group.';
COMMENT ON COLUMN lineage.task_graph_nodes.node_id IS 'task_id, or the id of the task group.';
COMMENT ON COLUMN lineage.task_graph_nodes.task_group IS 'The group it is in.';
COMMENT ON COLUMN lineage.task_graph_nodes.operator IS 'Class of the task''s operator.';
COMMENT ON COLUMN lineage.task_graph_nodes.label IS 'ui_label.';
COMMENT ON COLUMN lineage.task_graph_nodes.is_setup IS 'Whether it is a setup task.';
COMMENT ON COLUMN lineage.task_graph_nodes.is_teardown IS 'Whether it is a teardown task.';
COMMENT ON COLUMN lineage.task_graph_nodes.task_graph_id IS 'Version of the graph (lineage.dag_versions).';
COMMENT ON COLUMN lineage.task_graph_nodes.is_current IS 'Whether the DAG has this graph now.';
COMMENT ON COLUMN lineage.task_graph_nodes.emits_ol_events IS 'Whether the provider sends events of the task: it sends none of empty and of disabled operators.';

CREATE OR REPLACE VIEW lineage.task_graph_edges AS
SELECT
    job.namespace AS job_namespace, job.name AS dag_id,
    edge.from_kind, edge.from_id, edge.to_kind, edge.to_id, edge.label,
    edge.value_hash AS task_graph_id, graph.is_current
FROM lineage_store.task_graphs AS graph
JOIN lineage_store.jobs AS job ON job.id = graph.job_id
JOIN lineage_store.task_graph_edges AS edge ON edge.value_hash = graph.value_hash;
COMMENT ON VIEW lineage.task_graph_edges IS 'The edges of each version of each DAG''s graph; WHERE is_current: of the one it has now. All dependencies are edges between tasks; edges from or to groups repeat those that carry a label.';
COMMENT ON COLUMN lineage.task_graph_edges.job_namespace IS 'Namespace of the DAG''s job.';
COMMENT ON COLUMN lineage.task_graph_edges.dag_id IS 'Name of the DAG''s job: the dag_id.';
COMMENT ON COLUMN lineage.task_graph_edges.from_kind IS 'task or group.';
COMMENT ON COLUMN lineage.task_graph_edges.from_id IS 'Upstream task or group.';
COMMENT ON COLUMN lineage.task_graph_edges.to_kind IS 'task or group.';
COMMENT ON COLUMN lineage.task_graph_edges.to_id IS 'Downstream task or group.';
COMMENT ON COLUMN lineage.task_graph_edges.label IS 'Label of the edge.';
COMMENT ON COLUMN lineage.task_graph_edges.task_graph_id IS 'Version of the graph (lineage.dag_versions).';
COMMENT ON COLUMN lineage.task_graph_edges.is_current IS 'Whether the DAG has this graph now.';

CREATE OR REPLACE VIEW lineage.dag_versions AS
SELECT
    job.namespace AS job_namespace,
    job.name AS dag_id,
    graph.value_hash AS task_graph_id,
    (
        SELECT min(facet.first_event_at) FROM lineage_store.facet_versions AS facet
        WHERE facet.owner = 'job' AND facet.owner_id = job.id AND facet.name = 'airflow'
          AND facet.value_hash = graph.value_hash AND NOT facet.is_deleted
    ) AS first_used_at,
    graph.last_event_at AS last_used_at,
    graph.is_current,
    (
        SELECT count(*)
        FROM lineage_store.dag_runs AS said
        JOIN lineage_store.runs AS run ON run.id = said.run_id
        WHERE said.task_graph = graph.value_hash AND run.job_id = job.id
    ) AS dag_runs,
    (
        SELECT count(*) FROM lineage_store.task_graph_nodes AS node
        WHERE node.value_hash = graph.value_hash AND node.kind = 'task'
    ) AS tasks,
    (
        SELECT count(*) FROM lineage_store.task_graph_edges AS edge
        WHERE edge.value_hash = graph.value_hash
          AND edge.from_kind = 'task' AND edge.to_kind = 'task'
    ) AS edges
FROM lineage_store.task_graphs AS graph
JOIN lineage_store.jobs AS job ON job.id = graph.job_id
WHERE EXISTS (
    SELECT FROM lineage_store.task_graph_nodes AS node WHERE node.value_hash = graph.value_hash
);
COMMENT ON VIEW lineage.dag_versions IS 'Every version of each DAG''s task graph; lineage.task_graph_nodes and task_graph_edges have it under its task_graph_id, lineage.dag_changes tells what changed between two.';
COMMENT ON COLUMN lineage.dag_versions.job_namespace IS 'Namespace of the DAG''s job.';
COMMENT ON COLUMN lineage.dag_versions.dag_id IS 'Name of the DAG''s job: the dag_id.';
COMMENT ON COLUMN lineage.dag_versions.task_graph_id IS 'The version, as in lineage.dag_runs.';
COMMENT ON COLUMN lineage.dag_versions.first_used_at IS 'eventTime of the first DAG run that started with it.';
COMMENT ON COLUMN lineage.dag_versions.last_used_at IS 'eventTime of the latest DAG run that started with it.';
COMMENT ON COLUMN lineage.dag_versions.is_current IS 'Whether the DAG has this graph now.';
COMMENT ON COLUMN lineage.dag_versions.dag_runs IS 'DAG runs that started with it.';
COMMENT ON COLUMN lineage.dag_versions.tasks IS 'Tasks in it.';
COMMENT ON COLUMN lineage.dag_versions.edges IS 'Dependencies between tasks in it.';

-- The nodes and the edges of a graph, each with what it may change.
CREATE OR REPLACE FUNCTION lineage_store.graph_parts(graph uuid)
RETURNS TABLE (kind text, from_id text, to_id text, told jsonb) LANGUAGE sql STABLE AS $$
    SELECT node.kind, node.node_id, NULL, jsonb_build_object(
        'operator', node.operator, 'task_group', node.task_group,
        'is_setup', node.is_setup, 'is_teardown', node.is_teardown
    )
    FROM lineage_store.task_graph_nodes AS node WHERE node.value_hash = graph
    UNION ALL
    SELECT 'edge', edge.from_id, edge.to_id, jsonb_build_object('label', edge.label)
    FROM lineage_store.task_graph_edges AS edge
    WHERE edge.value_hash = graph AND edge.from_kind = 'task' AND edge.to_kind = 'task'
$$;

CREATE OR REPLACE FUNCTION lineage.dag_changes(
    dag text, one uuid DEFAULT NULL, other uuid DEFAULT NULL
)
RETURNS TABLE (change text, kind text, id text, to_id text, before jsonb, after jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    versions uuid[] := ARRAY(
        SELECT version.task_graph_id FROM lineage.dag_versions AS version
        WHERE version.dag_id = dag
        ORDER BY version.is_current, version.last_used_at, version.task_graph_id
    );
    newer uuid := coalesce(other, versions[cardinality(versions)]);
    older uuid := coalesce(one, versions[array_position(versions, newer) - 1]);
    given uuid;
BEGIN
    IF cardinality(versions) = 0 THEN
        RAISE EXCEPTION 'dag: expected a dag_id of lineage.dag_versions, got %',
            coalesce(quote_literal(dag), 'null')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOREACH given IN ARRAY ARRAY[one, other] LOOP
        IF given IS NOT NULL AND NOT given = ANY (versions) THEN
            RAISE EXCEPTION 'task graph: expected one of DAG %: %, got %',
                quote_literal(dag), array_to_string(versions, ', '), given
                USING ERRCODE = 'invalid_parameter_value';
        END IF;
    END LOOP;
    RETURN QUERY
    SELECT
        CASE WHEN a.kind IS NULL THEN 'added' WHEN b.kind IS NULL THEN 'removed' ELSE 'changed' END,
        coalesce(a.kind, b.kind), coalesce(a.from_id, b.from_id), coalesce(a.to_id, b.to_id),
        a.told, b.told
    FROM lineage_store.graph_parts(older) AS a
    FULL JOIN lineage_store.graph_parts(newer) AS b
        ON a.kind = b.kind AND a.from_id = b.from_id
       AND coalesce(a.to_id, '') = coalesce(b.to_id, '')
    WHERE older IS NOT NULL AND a.told IS DISTINCT FROM b.told
    ORDER BY
        coalesce(a.kind, b.kind) COLLATE "C" DESC, coalesce(a.from_id, b.from_id) COLLATE "C",
        coalesce(a.to_id, b.to_id) COLLATE "C";
END
$$;
COMMENT ON FUNCTION lineage.dag_changes(text, uuid, uuid) IS
'What changed in a DAG''s graph from version one to version other (task_graph_id of lineage.dag_versions): a row for each task, group and edge (kind) that was added, removed or changed; an edge leads from id to to_id. before and after say what is known of it. Without other: the current version; without one: the version before other. Nothing where there is none before.';
