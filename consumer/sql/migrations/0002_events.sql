-- The store's tables. Users query the views and functions of schema lineage; these
-- tables, in schema lineage_store, may change from one version to the next.
--
-- Every row that is derived from events merges so that the order of the events does not
-- matter: sets grow, times take their least or greatest, and where one value must win it is
-- that of the greatest (event_time, event_hash).
--
-- Names have no limit to their length, so unique keys are hashes of names: the first
-- 16 bytes of a sha256, as uuid (consumer/rows/keys.py).

CREATE TYPE lineage_store.event_kind AS ENUM ('RunEvent', 'JobEvent', 'DatasetEvent');
CREATE TYPE lineage_store.facet_owner AS ENUM ('run', 'job', 'dataset', 'run_io', 'job_io');

CREATE TABLE lineage_store.runs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key uuid NOT NULL UNIQUE,
    run_id text NOT NULL,
    -- The job that the best source named: 2 the run's own event, 1 a child's parent, 0 a
    -- descendant's root; within a source the greatest (event_time, event_hash).
    job_id bigint,
    job_rank smallint,
    job_event_time timestamptz,
    job_event_hash uuid,
    first_event_at timestamptz,
    last_event_at timestamptz,
    started_at timestamptz,
    ended_at timestamptz,
    end_state text,
    is_running boolean NOT NULL DEFAULT false,
    state text GENERATED ALWAYS AS (
        CASE
            WHEN end_state IS NOT NULL THEN end_state
            WHEN is_running THEN 'RUNNING'
            WHEN first_event_at IS NOT NULL THEN 'OTHER'
        END
    ) STORED,
    is_dag_run boolean NOT NULL DEFAULT false,
    task_graph uuid,
    -- From the run's facets as they stand (queries/refresh_runs.sql).
    parent_run_id bigint,
    root_run_id bigint,
    nominal_start_time timestamptz,
    nominal_end_time timestamptz,
    error_message text,
    dag_id text,
    airflow_run_id text,
    task_id text,
    map_index integer,
    try_number integer,
    own_pipeline_run_id text,
    -- From the family over parent_run_id (views/50_pipeline.sql).
    pipeline_run_id text
) WITH (fillfactor = 70);
CREATE INDEX runs_run_id ON lineage_store.runs USING hash (run_id);
CREATE INDEX runs_job ON lineage_store.runs (job_id, started_at DESC NULLS LAST);
CREATE INDEX runs_parent ON lineage_store.runs (parent_run_id) WHERE parent_run_id IS NOT NULL;
CREATE INDEX runs_pipeline ON lineage_store.runs USING hash (pipeline_run_id);
CREATE INDEX runs_airflow_run_id ON lineage_store.runs USING hash (airflow_run_id);
CREATE INDEX runs_dag ON lineage_store.runs (started_at) WHERE is_dag_run;

-- Each distinct event once. raw is the record's value as it was on Kafka, kept only where
-- jsonb cannot hold the event exactly.
CREATE TABLE lineage_store.events (
    event_time timestamptz NOT NULL,
    hash uuid NOT NULL,
    kind lineage_store.event_kind NOT NULL,
    event_type text,
    run_id bigint,
    job_id bigint,
    dataset_id bigint,
    partition_id integer NOT NULL REFERENCES lineage_store.partitions,
    record_offset bigint NOT NULL,
    record_time timestamptz,
    record_bytes integer NOT NULL,
    framing lineage_store.framing NOT NULL,
    event jsonb NOT NULL,
    raw bytea,
    stored_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (event_time, hash),
    UNIQUE (partition_id, record_offset)
);
CREATE INDEX events_run ON lineage_store.events (run_id);
CREATE INDEX events_job ON lineage_store.events (job_id);
CREATE INDEX events_dataset ON lineage_store.events (dataset_id) WHERE dataset_id IS NOT NULL;

-- What runs read and wrote: the union over their events.
CREATE TABLE lineage_store.run_io (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL,
    dataset_id bigint NOT NULL,
    is_output boolean NOT NULL,
    UNIQUE (run_id, is_output, dataset_id)
);
CREATE INDEX run_io_dataset ON lineage_store.run_io (dataset_id, is_output);

-- Each distinct facet value once; hash is that of its canonical JSON (consumer/decode/canonical.py).
CREATE TABLE lineage_store.facet_values (
    hash uuid PRIMARY KEY,
    value jsonb NOT NULL
);

-- The facet of each name that holds now. A deleted facet stays, so that an older one that
-- arrives late does not come back.
CREATE TABLE lineage_store.facets (
    owner lineage_store.facet_owner NOT NULL,
    owner_id bigint NOT NULL,
    name text NOT NULL,
    value_hash uuid NOT NULL,
    is_deleted boolean NOT NULL,
    event_time timestamptz NOT NULL,
    event_hash uuid NOT NULL,
    PRIMARY KEY (owner, owner_id, name)
) WITH (fillfactor = 80);
