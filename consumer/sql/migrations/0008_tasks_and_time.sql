-- What tasks are and where they run; runs say which. People filter by it, and few differ.
CREATE TABLE lineage_store.task_settings (
    hash uuid PRIMARY KEY, -- of the columns
    operator_class_path text,
    operator_class text,
    queue text,
    pool text
);
ALTER TABLE lineage_store.runs ADD COLUMN task_settings uuid; -- of several the greatest

-- Of runs that are stored already: as consumer/rows/keys.py makes keys.
CREATE FUNCTION pg_temp.hashed(part text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT int8send(octet_length(convert_to(coalesce(part, ''), 'UTF8'))::bigint)
        || convert_to(coalesce(part, ''), 'UTF8')
$$;
CREATE TEMPORARY TABLE said AS
SELECT
    found.*, encode(substring(sha256(
        pg_temp.hashed(operator_class_path) || pg_temp.hashed(operator_class)
        || pg_temp.hashed(queue) || pg_temp.hashed(pool)
    ) FOR 16), 'hex')::uuid AS hash
FROM (
    SELECT DISTINCT
        event.run_id, facet #>> '{task,operator_class_path}' AS operator_class_path,
        facet #>> '{task,operator_class}' AS operator_class, facet #>> '{task,queue}' AS queue,
        coalesce(facet #>> '{taskInstance,pool}', facet #>> '{task,pool}') AS pool
    FROM lineage_store.events AS event
    JOIN lineage_store.event_packs AS pack
        ON pack.id = event.pack_id AND pack.event_time <= event.event_time
       AND pack.event_time >= date_trunc('month', event.event_time, 'UTC')
    CROSS JOIN LATERAL (
        SELECT pack.bodies[event.place]::jsonb #> '{run,facets,airflow}' AS facet
    ) AS body
    WHERE facet IS NOT NULL
) AS found
WHERE coalesce(operator_class_path, operator_class, queue, pool) IS NOT NULL;
INSERT INTO lineage_store.task_settings
SELECT DISTINCT hash, operator_class_path, operator_class, queue, pool FROM said;
UPDATE lineage_store.runs AS run
SET task_settings = latest.hash
FROM (SELECT DISTINCT ON (run_id) run_id, hash FROM said ORDER BY run_id, hash DESC) AS latest
WHERE run.id = latest.run_id;
DROP TABLE said;
DROP FUNCTION pg_temp.hashed;

-- Runs by time: `WHERE started_at > ...` reads the pages of that time. Rows come nearly in the order
-- of time, so that an index of 24 KB for 60,000 events is enough; autovacuum adds new pages to it.
CREATE INDEX runs_time ON lineage_store.runs USING brin (started_at, first_event_at)
    WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX runs_dag_started ON lineage_store.runs (started_at) WHERE is_dag_run;

-- Got columns, and a parameter: they are made again, with what asks them.
DROP VIEW IF EXISTS lineage_store.task_instances CASCADE;
DROP FUNCTION IF EXISTS lineage.missing_events(interval) CASCADE;
