-- The events, and what they say of runs. Users query the views and functions of schema lineage;
-- these tables, in schema lineage_store, may change from one version to the next.
--
-- Every row that is derived from events merges so that neither the order of the events nor their
-- repetition matters: sets grow, times take their least or greatest, and where one value must win
-- it is that of the greatest (event time, then value).
--
-- Names have no limit to their length, so unique keys are hashes of names: the first 16 bytes of a
-- sha256, as uuid (consumer/rows/keys.py). A run id that is a UUID is its own key.

-- Each distinct event once, in partitions of months (maintain makes them; whatever has none of its
-- own is in the default one). Its body is in a pack; what it says of its run, in lineage_store.runs.
CREATE TABLE lineage_store.events (
    event_time timestamptz NOT NULL,
    hash uuid NOT NULL,
    -- The nil UUID where it is no run's event: the unique index must know nothing as a value.
    run_id uuid NOT NULL,
    job_id bigint,
    dataset_id bigint,
    pack_id bigint NOT NULL,
    place smallint NOT NULL,
    event_type text,
    UNIQUE (run_id, event_time, hash)
) PARTITION BY RANGE (event_time);
CREATE INDEX events_job ON lineage_store.events (job_id);
CREATE INDEX events_dataset ON lineage_store.events (dataset_id) WHERE dataset_id IS NOT NULL;
CREATE INDEX events_job_event ON lineage_store.events (job_id)
    WHERE run_id = '00000000-0000-0000-0000-000000000000';
CREATE INDEX events_time ON lineage_store.events USING brin (event_time, pack_id)
    WITH (autosummarize);
-- Pages of the events of runs, newest or oldest first.
CREATE INDEX events_moment ON lineage_store.events (event_time)
    WHERE run_id <> '00000000-0000-0000-0000-000000000000';

-- The bodies of some events of one month, and the records that they came in; event place n is
-- element n of each array. An array of one element says the same of all.
CREATE SEQUENCE lineage_store.event_pack_ids AS bigint;
CREATE TABLE lineage_store.event_packs (
    id bigint NOT NULL,
    event_time timestamptz NOT NULL, -- the least of its events
    bodies text[] NOT NULL, -- JSON that jsonb takes, keys sorted
    raws bytea[], -- the records' values, for those events that jsonb cannot hold exactly
    partition_ids integer[] NOT NULL,
    record_offsets bigint[] NOT NULL,
    record_times timestamptz[] NOT NULL,
    record_bytes integer[] NOT NULL,
    framings text[] NOT NULL, -- names of lineage_store.framing
    stored_at timestamptz[] NOT NULL,
    is_small boolean NOT NULL, -- few events and few bytes: to be merged with others (maintain)
    PRIMARY KEY (id, event_time)
) PARTITION BY RANGE (event_time);
CREATE INDEX event_packs_small ON lineage_store.event_packs (id) WHERE is_small;

-- lz4 reads back the whole of a pack where PostgreSQL's own method sees 4 KB, less than an event.
DO $$
BEGIN
    ALTER TABLE lineage_store.event_packs
        ALTER bodies SET COMPRESSION lz4, ALTER raws SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    NULL; -- a server built without it
END
$$;

CREATE TABLE lineage_store.events_default PARTITION OF lineage_store.events DEFAULT;
CREATE TABLE lineage_store.event_packs_default PARTITION OF lineage_store.event_packs DEFAULT;

CREATE TABLE lineage_store.runs (
    id uuid PRIMARY KEY,
    -- The job that the best source named: 2 the run's own latest event, 1 a child's parent, 0 a
    -- descendant's root; between equals the greater key.
    job_id bigint,
    parent_run_id uuid,
    root_run_id uuid,
    parent_event_at timestamptz, -- of the event that names them, the latest
    upstream_run_id uuid, -- of those it depends on, the greatest
    first_event_at timestamptz,
    last_event_at timestamptz,
    started_at timestamptz,
    ended_at timestamptz,
    nominal_start_time timestamptz,
    nominal_end_time timestamptz,
    error_event_at timestamptz,
    pipeline_event_at timestamptz,
    map_index integer,
    try_number integer,
    job_rank smallint NOT NULL,
    pipeline_rank smallint,
    is_running boolean NOT NULL,
    is_dag_run boolean NOT NULL,
    end_state text,
    run_id text, -- where it is not the text of id
    -- Of a task's run that names its DAG run as its parent, only that one has these.
    dag_id text,
    airflow_run_id text,
    task_id text,
    pipeline_run_id text, -- its own; views/15_pipeline.sql says whose the others take
    error_message text
) WITH (fillfactor = 90);
CREATE INDEX runs_run_id ON lineage_store.runs USING hash (coalesce(run_id, id::text)) WITH (fillfactor = 100);
CREATE INDEX runs_job ON lineage_store.runs (job_id, first_event_at);
CREATE INDEX runs_family ON lineage_store.runs (coalesce(parent_run_id, upstream_run_id, id));
CREATE INDEX runs_pipeline ON lineage_store.runs USING hash (pipeline_run_id) WITH (fillfactor = 100);
CREATE INDEX runs_airflow_run_id ON lineage_store.runs USING hash (airflow_run_id) WITH (fillfactor = 100)
    WHERE is_dag_run;
CREATE INDEX runs_dag ON lineage_store.runs (first_event_at) WHERE is_dag_run;
-- With runs_family: which runs refer to a run, asked before it is forgotten.
CREATE INDEX runs_root ON lineage_store.runs USING hash (root_run_id)
    WHERE root_run_id <> parent_run_id;
CREATE INDEX runs_upstream ON lineage_store.runs USING hash (upstream_run_id)
    WHERE upstream_run_id <> parent_run_id;

-- The runs under one run: those that name it as their parent, or, without a parent, as the run they
-- depend on. It says whose pipeline run those take that name none (views/15_pipeline.sql). Runs
-- without any under them have no row, so that however many there are, a change costs the same.
CREATE TABLE lineage_store.families (
    run_id uuid PRIMARY KEY,
    -- Of the run itself, as in lineage_store.runs.
    link_run_id uuid,
    pipeline_run_id text,
    head_run_id uuid, -- the nearest of itself and those above that names a pipeline run
    top_run_id uuid NOT NULL, -- the topmost of itself and those above
    -- The first of the runs under it (and of itself, if it is topmost) that names one, and which.
    named_by_run_id uuid,
    named_at timestamptz,
    named_pipeline_run_id text,
    adopted_pipeline_run_id text -- of a topmost one: the first that any of its families names
);
CREATE INDEX families_link ON lineage_store.families (link_run_id);
CREATE INDEX families_head ON lineage_store.families (head_run_id);
CREATE INDEX families_top ON lineage_store.families (top_run_id, named_at);
CREATE INDEX families_pipeline ON lineage_store.families USING hash (pipeline_run_id) WITH (fillfactor = 100);
CREATE INDEX families_adopted ON lineage_store.families USING hash (adopted_pipeline_run_id) WITH (fillfactor = 100);

-- What the events of a DAG run say of its tasks.
CREATE TABLE lineage_store.dag_runs (
    run_id uuid PRIMARY KEY,
    task_graph uuid, -- lineage_store.task_graph_nodes.value_hash
    tasks jsonb, -- {task_id: [state, seconds]} of facet airflowState, of the latest event with it
    tasks_event_at timestamptz,
    tasks_event_hash uuid
);
CREATE INDEX dag_runs_task_graph ON lineage_store.dag_runs (task_graph);

-- What runs read and wrote: the union over their events, with the greatest count of each kind.
CREATE TABLE lineage_store.run_io (
    run_id uuid NOT NULL,
    dataset_id bigint NOT NULL,
    is_output boolean NOT NULL,
    last_event_at timestamptz NOT NULL, -- of the events that say so the latest
    rows bigint,
    bytes bigint,
    files bigint,
    PRIMARY KEY (run_id, dataset_id, is_output)
);
-- From a run to the one that wrote last before it, and to those that read next.
CREATE INDEX run_io_inputs ON lineage_store.run_io (dataset_id, last_event_at)
    WHERE NOT is_output;
CREATE INDEX run_io_outputs ON lineage_store.run_io (dataset_id, last_event_at) WHERE is_output;

-- The results of checks; of one check of a run the latest.
CREATE TABLE lineage_store.quality_checks (
    key uuid PRIMARY KEY, -- of run, dataset, assertion and column
    run_id uuid NOT NULL,
    job_id bigint NOT NULL,
    dataset_id bigint,
    assertion text NOT NULL,
    column_name text,
    success boolean,
    severity text,
    event_time timestamptz NOT NULL
);
CREATE INDEX quality_checks_run ON lineage_store.quality_checks (run_id);
CREATE INDEX quality_checks_dataset ON lineage_store.quality_checks (dataset_id);

-- Each distinct value of a job's or dataset's facet once; hash is that of its canonical JSON
-- (consumer/decode/canonical.py).
CREATE TABLE lineage_store.facet_values (
    hash uuid PRIMARY KEY,
    value jsonb NOT NULL
);

-- How the facets of jobs and datasets changed: a row for each time that a value held, from the
-- first to the last event that said so. A deleted facet has a row, too.
CREATE TYPE lineage_store.facet_owner AS ENUM ('job', 'dataset');
CREATE TABLE lineage_store.facet_versions (
    owner lineage_store.facet_owner NOT NULL,
    owner_id bigint NOT NULL,
    name text NOT NULL,
    value_hash uuid NOT NULL,
    is_deleted boolean NOT NULL,
    first_event_at timestamptz NOT NULL,
    first_event_hash uuid NOT NULL,
    last_event_at timestamptz NOT NULL,
    last_event_hash uuid NOT NULL,
    ended_at timestamptz, -- when the next began; null: it holds now
    PRIMARY KEY (owner, owner_id, name, first_event_at, first_event_hash)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX facet_versions_now ON lineage_store.facet_versions (owner, owner_id, name)
    WHERE ended_at IS NULL;
CREATE INDEX facet_versions_graph ON lineage_store.facet_versions (value_hash)
    WHERE owner = 'job' AND name = 'airflow';
