-- Walking the graph of jobs and datasets, breadth first, one statement per level. It is
-- bipartite: from datasets every odd level is jobs, from jobs every odd level is datasets.
-- Of several shortest ways to a node the first in the order of names is kept.

-- The jobs next to a level of datasets, less those already seen.
CREATE OR REPLACE FUNCTION lineage_store.next_jobs(
    level lineage_store.step[], seen bigint[], to_inputs boolean, since timestamptz
)
RETURNS lineage_store.step[] LANGUAGE sql STABLE AS $$
    WITH reached AS (
        SELECT edge.job_id AS id, step.path
        FROM unnest(level) AS step
        JOIN lineage_store.job_io AS edge
            ON edge.dataset_id = step.id AND edge.is_output = to_inputs
           AND edge.last_event_at >= since
    ),
    new AS (SELECT id FROM reached EXCEPT SELECT unnest(seen)),
    chosen AS (
        SELECT DISTINCT ON (id) id, path FROM new JOIN reached USING (id)
        ORDER BY id, path COLLATE "C"
    )
    SELECT array_agg(
        ROW(id, path || ('job:' || job.namespace || ':' || job.name))::lineage_store.step
    )
    FROM chosen JOIN lineage_store.jobs AS job USING (id)
$$;

-- The datasets next to a level of jobs, less those already seen.
CREATE OR REPLACE FUNCTION lineage_store.next_datasets(
    level lineage_store.step[], seen bigint[], to_inputs boolean, since timestamptz
)
RETURNS lineage_store.step[] LANGUAGE sql STABLE AS $$
    WITH reached AS (
        SELECT edge.dataset_id AS id, step.path
        FROM unnest(level) AS step
        JOIN lineage_store.job_io AS edge
            ON edge.job_id = step.id AND edge.is_output = NOT to_inputs
           AND edge.last_event_at >= since
    ),
    new AS (SELECT id FROM reached EXCEPT SELECT unnest(seen)),
    chosen AS (
        SELECT DISTINCT ON (id) id, path FROM new JOIN reached USING (id)
        ORDER BY id, path COLLATE "C"
    )
    SELECT array_agg(
        ROW(id, path || ('dataset:' || dataset.namespace || ':' || dataset.name))
            ::lineage_store.step
    )
    FROM chosen JOIN lineage_store.datasets AS dataset USING (id)
$$;

CREATE OR REPLACE FUNCTION lineage_store.walk(
    start_kind text, start_namespace text, start_name text, max_depth integer,
    since timestamptz, to_inputs boolean
)
RETURNS SETOF lineage_store.lineage_node LANGUAGE plpgsql STABLE AS $$
DECLARE
    on_datasets boolean := start_kind = 'dataset';
    start_path text[] := ARRAY[start_kind || ':' || start_namespace || ':' || start_name];
    level lineage_store.step[];
    jobs_seen bigint[] := '{}';
    datasets_seen bigint[] := '{}';
BEGIN
    IF start_kind IS NULL OR start_kind NOT IN ('dataset', 'job') THEN
        RAISE EXCEPTION 'kind: expected ''dataset'' or ''job'', got %',
            coalesce(quote_literal(start_kind), 'null')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF on_datasets THEN
        SELECT array_agg(ROW(id, start_path)::lineage_store.step), array_agg(id)
        INTO level, datasets_seen
        FROM lineage_store.datasets WHERE namespace = start_namespace AND name = start_name;
    ELSE
        SELECT array_agg(ROW(id, start_path)::lineage_store.step), array_agg(id)
        INTO level, jobs_seen
        FROM lineage_store.jobs WHERE namespace = start_namespace AND name = start_name;
    END IF;
    FOR depth IN 1 .. max_depth LOOP
        EXIT WHEN level IS NULL;
        IF on_datasets THEN
            level := lineage_store.next_jobs(level, jobs_seen, to_inputs, since);
            jobs_seen := jobs_seen || (SELECT array_agg(id) FROM unnest(level));
            RETURN QUERY SELECT depth, 'job', job.namespace, job.name, step.path
                FROM unnest(level) AS step JOIN lineage_store.jobs AS job USING (id)
                ORDER BY job.namespace COLLATE "C", job.name COLLATE "C";
        ELSE
            level := lineage_store.next_datasets(level, datasets_seen, to_inputs, since);
            datasets_seen := datasets_seen || (SELECT array_agg(id) FROM unnest(level));
            RETURN QUERY SELECT depth, 'dataset', dataset.namespace, dataset.name, step.path
                FROM unnest(level) AS step JOIN lineage_store.datasets AS dataset USING (id)
                ORDER BY dataset.namespace COLLATE "C", dataset.name COLLATE "C";
        END IF;
        on_datasets := NOT on_datasets;
    END LOOP;
END
$$;

CREATE OR REPLACE FUNCTION lineage.upstream(
    kind text, namespace text, name text, max_depth integer DEFAULT 20,
    since timestamptz DEFAULT '-infinity'
)
RETURNS SETOF lineage_store.lineage_node LANGUAGE sql STABLE AS $$
    SELECT * FROM lineage_store.walk(kind, namespace, name, max_depth, since, true)
$$;
COMMENT ON FUNCTION lineage.upstream(text, text, text, integer, timestamptz) IS
'What a dataset or job comes from: one row (depth, kind, namespace, name, path) for each job and dataset upstream of it; depth is the number of edges, path one shortest way to it as node ids kind:namespace:name. kind is ''dataset'' or ''job''. Edges that no event told of at or after since are left out.';

CREATE OR REPLACE FUNCTION lineage.downstream(
    kind text, namespace text, name text, max_depth integer DEFAULT 20,
    since timestamptz DEFAULT '-infinity'
)
RETURNS SETOF lineage_store.lineage_node LANGUAGE sql STABLE AS $$
    SELECT * FROM lineage_store.walk(kind, namespace, name, max_depth, since, false)
$$;
COMMENT ON FUNCTION lineage.downstream(text, text, text, integer, timestamptz) IS
'What depends on a dataset or job: as lineage.upstream, in the other direction.';

-- Walking columns: a level is (dataset, field) pairs; a column that influences a whole dataset
-- (field null in column_edges) leads to each of its fields.
CREATE OR REPLACE FUNCTION lineage_store.next_columns(
    level lineage_store.column_step[], seen lineage_store.column_step[], to_inputs boolean
)
RETURNS lineage_store.column_step[] LANGUAGE sql STABLE AS $$
    WITH reached AS (
        SELECT edge.input_dataset_id AS dataset_id, edge.input_field AS field, step.path
        FROM unnest(level) AS step
        JOIN lineage_store.column_lineage AS facet ON facet.dataset_id = step.dataset_id
        JOIN lineage_store.column_edges AS edge ON edge.value_hash = facet.value_hash
        WHERE to_inputs AND NOT facet.is_deleted AND coalesce(edge.field = step.field, true)
        UNION ALL
        SELECT facet.dataset_id, coalesce(edge.field, other.field), step.path
        FROM unnest(level) AS step
        JOIN lineage_store.column_edges AS edge
            ON edge.input_dataset_id = step.dataset_id AND edge.input_field = step.field
        JOIN lineage_store.column_lineage AS facet ON facet.value_hash = edge.value_hash
        LEFT JOIN LATERAL (
            SELECT DISTINCT sibling.field FROM lineage_store.column_edges AS sibling
            WHERE sibling.value_hash = edge.value_hash AND sibling.field IS NOT NULL
        ) AS other ON edge.field IS NULL
        WHERE NOT to_inputs AND NOT facet.is_deleted
          AND coalesce(edge.field, other.field) IS NOT NULL
    ),
    new AS (
        SELECT dataset_id, field FROM reached
        EXCEPT SELECT known.dataset_id, known.field FROM unnest(seen) AS known
    ),
    chosen AS (
        SELECT DISTINCT ON (dataset_id, field) dataset_id, field, path
        FROM new JOIN reached USING (dataset_id, field)
        ORDER BY dataset_id, field, path COLLATE "C"
    )
    SELECT array_agg(ROW(
        dataset_id, field, path || (dataset.namespace || ':' || dataset.name || ':' || field)
    )::lineage_store.column_step)
    FROM chosen JOIN lineage_store.datasets AS dataset ON dataset.id = dataset_id
$$;

CREATE OR REPLACE FUNCTION lineage_store.walk_columns(
    start_namespace text, start_name text, start_field text, max_depth integer, to_inputs boolean
)
RETURNS SETOF lineage_store.lineage_column LANGUAGE plpgsql STABLE AS $$
DECLARE
    level lineage_store.column_step[];
    seen lineage_store.column_step[];
BEGIN
    SELECT array_agg(ROW(
        id, start_field, ARRAY[start_namespace || ':' || start_name || ':' || start_field]
    )::lineage_store.column_step)
    INTO level
    FROM lineage_store.datasets WHERE namespace = start_namespace AND name = start_name;
    seen := level;
    FOR depth IN 1 .. max_depth LOOP
        level := lineage_store.next_columns(level, seen, to_inputs);
        EXIT WHEN level IS NULL;
        seen := seen || level;
        RETURN QUERY SELECT depth, dataset.namespace, dataset.name, step.field, step.path
            FROM unnest(level) AS step
            JOIN lineage_store.datasets AS dataset ON dataset.id = step.dataset_id
            ORDER BY dataset.namespace COLLATE "C", dataset.name COLLATE "C", step.field COLLATE "C";
    END LOOP;
END
$$;

CREATE OR REPLACE FUNCTION lineage.column_upstream(
    namespace text, name text, field text, max_depth integer DEFAULT 20
)
RETURNS SETOF lineage_store.lineage_column LANGUAGE sql STABLE AS $$
    SELECT * FROM lineage_store.walk_columns(namespace, name, field, max_depth, true)
$$;
COMMENT ON FUNCTION lineage.column_upstream(text, text, text, integer) IS
'Which columns a column of a dataset comes from: one row (depth, namespace, name, field, path) for each; depth is the number of steps from dataset to dataset, path one shortest way as namespace:name:field.';

CREATE OR REPLACE FUNCTION lineage.column_downstream(
    namespace text, name text, field text, max_depth integer DEFAULT 20
)
RETURNS SETOF lineage_store.lineage_column LANGUAGE sql STABLE AS $$
    SELECT * FROM lineage_store.walk_columns(namespace, name, field, max_depth, false)
$$;
COMMENT ON FUNCTION lineage.column_downstream(text, text, text, integer) IS
'Which columns depend on a column of a dataset: as lineage.column_upstream, in the other direction.';
