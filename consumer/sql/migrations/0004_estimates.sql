-- What PostgreSQL is to expect of tables that it has not analyzed yet. Of a column without
-- statistics it believes that each value is in one of 200 rows, and reads a table of millions
-- through to find the one row of an id. These rows are like real ones, in small: their statistics
-- stay when they are gone, until autovacuum has analyzed the first real ones. (Of a table in
-- partitions as a whole they stay for good: autovacuum analyzes the partitions alone.)
DO $$
BEGIN
    IF EXISTS (SELECT FROM lineage_store.events) OR EXISTS (SELECT FROM lineage_store.datasets) THEN
        -- They would go with those rows.
        RAISE EXCEPTION 'a store of schema 1 to 3, which no release had, holds events already: '
            'store its topic anew in an empty database';
    END IF;
END
$$;
CREATE FUNCTION pg_temp.id(number integer) RETURNS uuid LANGUAGE sql IMMUTABLE
AS $$ SELECT lpad(to_hex(number), 32, '0')::uuid $$;

-- A DAG run and nine tasks of it: that is a family.
INSERT INTO lineage_store.runs (
    id, job_id, parent_run_id, first_event_at, last_event_at, started_at, ended_at, job_rank,
    is_running, is_dag_run, end_state, airflow_run_id, task_id, pipeline_run_id
)
SELECT
    pg_temp.id(n), n % 100, CASE WHEN n % 10 > 0 THEN pg_temp.id(n - n % 10) END,
    time, time, time, time, 2, true, n % 10 = 0, 'COMPLETE',
    CASE WHEN n % 10 = 0 THEN 'run ' || n END, CASE WHEN n % 10 > 0 THEN 'task ' || n END,
    CASE WHEN n % 10 = 1 THEN 'pipeline ' || n - n % 20 END
FROM generate_series(1, 1000) AS n,
    LATERAL (SELECT timestamptz '2000-01-01' + n * interval '1 minute' AS time) AS at;
INSERT INTO lineage_store.families (
    run_id, head_run_id, link_run_id, top_run_id, named_at, pipeline_run_id,
    adopted_pipeline_run_id
)
SELECT
    pg_temp.id(n), CASE WHEN n % 4 > 1 THEN pg_temp.id(n) END,
    CASE WHEN n % 2 = 0 THEN pg_temp.id(n - 1) END, pg_temp.id(n - n % 2), '2000-01-01',
    CASE WHEN n % 4 > 1 THEN 'pipeline ' || n END, CASE WHEN n % 4 < 2 THEN 'pipeline ' || n END
FROM generate_series(1, 1000) AS n;
INSERT INTO lineage_store.dag_runs (run_id, task_graph)
SELECT pg_temp.id(n), pg_temp.id(n / 10) FROM generate_series(1, 1000) AS n;
INSERT INTO lineage_store.run_io (run_id, dataset_id, is_output, last_event_at)
SELECT
    pg_temp.id(n / 2), n / 4, n % 2 = 0, timestamptz '2000-01-01' + n * interval '1 minute'
FROM generate_series(1, 1000) AS n;
INSERT INTO lineage_store.quality_checks (
    key, run_id, job_id, dataset_id, assertion, event_time
)
SELECT pg_temp.id(n), pg_temp.id(n / 4), n / 10, n / 10, 'unique', '2000-01-01'
FROM generate_series(1, 1000) AS n;
INSERT INTO lineage_store.events_default (
    event_time, hash, run_id, job_id, dataset_id, pack_id, place
)
SELECT
    timestamptz '2000-01-01' + n * interval '1 minute', pg_temp.id(n), pg_temp.id(n / 2), n / 10,
    CASE WHEN n % 100 = 0 THEN n END, n / 16, n % 16
FROM generate_series(1, 1000) AS n;
INSERT INTO lineage_store.event_packs_default (
    id, event_time, bodies, partition_ids, record_offsets, record_times, record_bytes, framings,
    stored_at, is_small
)
SELECT
    n, timestamptz '2000-01-01' + n * interval '1 minute', ARRAY['{}'], '{1}', ARRAY[n],
    ARRAY[now()], '{1}', '{json}', ARRAY[now()], false
FROM generate_series(1, 1000) AS n;
INSERT INTO lineage_store.facet_values (hash, value)
SELECT pg_temp.id(n), to_jsonb(n) FROM generate_series(1, 1000) AS n;
INSERT INTO lineage_store.facet_versions (
    owner, owner_id, name, value_hash, is_deleted, first_event_at, first_event_hash, last_event_at,
    last_event_hash, ended_at
)
SELECT
    CASE WHEN n % 2 = 0 THEN 'job' ELSE 'dataset' END::lineage_store.facet_owner, n / 4,
    (ARRAY['schema', 'tags', 'ownership', 'airflow', 'version'])[1 + n / 2 % 5], pg_temp.id(n),
    false, time, pg_temp.id(n), time, pg_temp.id(n), CASE WHEN n % 10 = 0 THEN time END
FROM generate_series(1, 1000) AS n,
    LATERAL (SELECT timestamptz '2000-01-01' + n * interval '1 minute' AS time) AS at;
INSERT INTO lineage_store.jobs (key, namespace, name)
SELECT pg_temp.id(n), 'namespace', 'job ' || n FROM generate_series(1, 1000) AS n;
INSERT INTO lineage_store.datasets (key, namespace, name)
SELECT pg_temp.id(n), 'namespace', 'dataset ' || n FROM generate_series(1, 1000) AS n;
INSERT INTO lineage_store.edges (from_id, to_id, kind, stated_by, first_event_at, last_event_at)
SELECT n / 2, n / 2 + n % 2, 'input', n / 2, '2000-01-01', '2000-01-01'
FROM generate_series(1, 1000) AS n;
INSERT INTO lineage_store.task_graph_nodes (value_hash, kind, node_id)
SELECT pg_temp.id(n / 10), 'task', 'task ' || n FROM generate_series(1, 1000) AS n;
INSERT INTO lineage_store.task_graph_edges (value_hash, from_kind, from_id, to_kind, to_id)
SELECT pg_temp.id(n / 10), 'task', 'task ' || n, 'task', 'task ' || n + 1
FROM generate_series(1, 1000) AS n;

DO $$
DECLARE
    name regclass;
BEGIN
    FOR name IN SELECT oid FROM pg_class
        WHERE relnamespace = 'lineage_store'::regnamespace AND relkind IN ('r', 'p')
          AND relname NOT IN ('migrations', 'views', 'partitions', 'gaps', 'rejected')
        ORDER BY relkind -- those in partitions first, while these have rows
    LOOP
        EXECUTE format('ANALYZE %s', name);
        EXECUTE format('DELETE FROM %s', name);
    END LOOP;
END
$$;
ALTER SEQUENCE lineage_store.node_ids RESTART;
ALTER TABLE lineage_store.edges ALTER id RESTART;
DROP FUNCTION pg_temp.id;
