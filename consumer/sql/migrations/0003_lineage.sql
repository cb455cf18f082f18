-- Jobs and datasets, and the graphs that they make.

CREATE TABLE lineage_store.jobs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key uuid NOT NULL UNIQUE,
    namespace text NOT NULL,
    name text NOT NULL,
    job_type text,
    integration text,
    processing_type text,
    description text,
    sql text
) WITH (fillfactor = 85);
CREATE INDEX jobs_name ON lineage_store.jobs USING hash (name);

CREATE TABLE lineage_store.datasets (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key uuid NOT NULL UNIQUE,
    namespace text NOT NULL,
    name text NOT NULL,
    description text
) WITH (fillfactor = 85);
CREATE INDEX datasets_name ON lineage_store.datasets USING hash (name);

-- The edges of lineage: what jobs read and wrote, in any run or job event.
CREATE TABLE lineage_store.job_io (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job_id bigint NOT NULL,
    dataset_id bigint NOT NULL,
    is_output boolean NOT NULL,
    first_event_at timestamptz NOT NULL,
    last_event_at timestamptz NOT NULL,
    UNIQUE (job_id, is_output, dataset_id)
) WITH (fillfactor = 85);
CREATE INDEX job_io_dataset ON lineage_store.job_io (dataset_id, is_output, job_id);

-- The columnLineage facet that holds now for what a job wrote into a dataset; job_id is 0
-- where the dataset's own event said it.
CREATE TABLE lineage_store.column_lineage (
    dataset_id bigint NOT NULL,
    job_id bigint NOT NULL,
    value_hash uuid NOT NULL,
    is_deleted boolean NOT NULL,
    event_time timestamptz NOT NULL,
    event_hash uuid NOT NULL,
    PRIMARY KEY (dataset_id, job_id)
);
CREATE INDEX column_lineage_value ON lineage_store.column_lineage (value_hash);

-- The edges of each distinct columnLineage facet; field is null where the input column
-- influences the whole dataset.
CREATE TABLE lineage_store.column_edges (
    value_hash uuid NOT NULL,
    field text,
    input_dataset_id bigint NOT NULL,
    input_field text NOT NULL,
    type text,
    subtype text,
    description text,
    masking boolean
);
CREATE INDEX column_edges_value ON lineage_store.column_edges (value_hash);
CREATE INDEX column_edges_input ON lineage_store.column_edges (input_dataset_id);

-- The nodes and edges of each distinct graph, once; value_hash is that of the job facet
-- airflow that held it.
CREATE TABLE lineage_store.task_graph_nodes (
    value_hash uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('task', 'group')),
    node_id text NOT NULL,
    task_group text,
    operator text,
    label text,
    is_setup boolean,
    is_teardown boolean,
    emits_ol_events boolean
);
CREATE INDEX task_graph_nodes_value ON lineage_store.task_graph_nodes (value_hash, left(node_id, 250));
CREATE TABLE lineage_store.task_graph_edges (
    value_hash uuid NOT NULL,
    from_kind text NOT NULL CHECK (from_kind IN ('task', 'group')),
    from_id text NOT NULL,
    to_kind text NOT NULL CHECK (to_kind IN ('task', 'group')),
    to_id text NOT NULL,
    label text
);
CREATE INDEX task_graph_edges_value ON lineage_store.task_graph_edges (value_hash);

-- What the lineage functions return, and what they pass from level to level.
CREATE TYPE lineage_store.lineage_node AS (
    depth integer, kind text, namespace text, name text, path text[]
);
CREATE TYPE lineage_store.lineage_column AS (
    depth integer, namespace text, name text, field text, path text[]
);
CREATE TYPE lineage_store.step AS (id bigint, path text[]);
CREATE TYPE lineage_store.column_step AS (dataset_id bigint, field text, path text[]);
