-- Jobs and datasets, and the graphs that they make.
--
-- Jobs, datasets and lanes take their ids from one sequence, so that one table holds the edges
-- between all of them, and a walk is one look-up a level.

CREATE SEQUENCE lineage_store.node_ids;

CREATE TABLE lineage_store.jobs (
    id bigint PRIMARY KEY DEFAULT nextval('lineage_store.node_ids'),
    key uuid NOT NULL UNIQUE,
    namespace text NOT NULL,
    name text NOT NULL,
    job_type text,
    integration text,
    processing_type text,
    description text,
    sql text
) WITH (fillfactor = 85);
-- Whole names, for the views; their beginnings and ends, to find those nearest to a misspelt one.
-- Names have no limit, such an index has.
CREATE INDEX jobs_whole_name ON lineage_store.jobs USING hash (name);
CREATE INDEX jobs_name ON lineage_store.jobs (left(name, 200) COLLATE "C");
CREATE INDEX jobs_name_end ON lineage_store.jobs (reverse(right(name, 200)) COLLATE "C");

-- A row is a name; the names of one dataset are joined by dataset_groups.
CREATE TABLE lineage_store.datasets (
    id bigint PRIMARY KEY DEFAULT nextval('lineage_store.node_ids'),
    key uuid NOT NULL UNIQUE,
    namespace text NOT NULL,
    name text NOT NULL,
    description text,
    -- The first and latest event that used this name for an input, an output or its own dataset.
    first_named_at timestamptz,
    last_named_at timestamptz,
    -- The latest facet lifecycleStateChange: that of the greatest (event_time, event_hash).
    lifecycle_state text,
    lifecycle_at timestamptz,
    lifecycle_hash uuid
) WITH (fillfactor = 80);
CREATE INDEX datasets_whole_name ON lineage_store.datasets USING hash (name);
CREATE INDEX datasets_name ON lineage_store.datasets (left(name, 200) COLLATE "C");
CREATE INDEX datasets_name_end ON lineage_store.datasets (reverse(right(name, 200)) COLLATE "C");

-- What joins two names: facet symlinks of from_id names to_id, or from_id was called to_id before
-- it was renamed. A join that was taken apart (is_cut) stays apart, whatever comes.
CREATE TYPE lineage_store.link_kind AS ENUM ('symlink', 'rename');
CREATE TABLE lineage_store.dataset_links (
    from_id bigint NOT NULL,
    to_id bigint NOT NULL,
    kind lineage_store.link_kind NOT NULL,
    first_event_at timestamptz NOT NULL,
    last_event_at timestamptz NOT NULL,
    is_withdrawn boolean NOT NULL DEFAULT false,
    is_cut boolean NOT NULL DEFAULT false,
    PRIMARY KEY (from_id, to_id, kind)
) WITH (fillfactor = 85);
CREATE INDEX dataset_links_to ON lineage_store.dataset_links (to_id);

-- The names that links join, each group under the id of one of them; a name that stands alone is
-- not here. What follows from dataset_links (views/11_dataset_groups.sql).
CREATE TABLE lineage_store.dataset_groups (
    dataset_id bigint PRIMARY KEY,
    group_id bigint NOT NULL
);
CREATE INDEX dataset_groups_group ON lineage_store.dataset_groups (group_id);

-- A way through a job that has a facet `lineage`: from some inputs to one dataset, or (dataset_id
-- 0) to the job and from there to the datasets that name the job itself as their source.
CREATE TABLE lineage_store.lanes (
    id bigint PRIMARY KEY DEFAULT nextval('lineage_store.node_ids'),
    job_id bigint NOT NULL,
    dataset_id bigint NOT NULL,
    UNIQUE (job_id, dataset_id)
);

-- The edges of lineage between jobs, datasets and lanes, in the direction of the data:
-- input, output: what jobs read and wrote, in any run or job event;
-- lineage: stated by a facet `lineage`; columns: by the columnLineage of a dataset's own event;
-- dependency: run facet jobDependencies; trigger: the job that started a DAG run.
CREATE TYPE lineage_store.edge_kind AS ENUM (
    'input', 'output', 'lineage', 'columns', 'dependency', 'trigger'
);
CREATE TABLE lineage_store.edges (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    from_id bigint NOT NULL,
    to_id bigint NOT NULL,
    kind lineage_store.edge_kind NOT NULL,
    stated_by bigint NOT NULL, -- the job or dataset whose event said it
    dependency_type text NOT NULL DEFAULT '',
    first_event_at timestamptz NOT NULL,
    last_event_at timestamptz NOT NULL,
    is_withdrawn boolean NOT NULL DEFAULT false, -- its facet was deleted later
    UNIQUE (from_id, to_id, kind, stated_by, dependency_type)
) WITH (fillfactor = 85);
CREATE INDEX edges_to ON lineage_store.edges (to_id);
CREATE INDEX edges_of_facets ON lineage_store.edges (stated_by) WHERE kind IN ('lineage', 'columns');

-- When a job or dataset last stated a facet whose edges or links add up, and last deleted it.
CREATE TABLE lineage_store.facet_statements (
    owner_id bigint NOT NULL,
    facet text NOT NULL CHECK (facet IN ('lineage', 'columnLineage', 'symlinks')),
    stated_at timestamptz,
    deleted_at timestamptz,
    PRIMARY KEY (owner_id, facet)
) WITH (fillfactor = 85);

-- The facets whose graph is stored: each distinct value once, by whoever comes first.
CREATE TABLE lineage_store.facet_graphs (
    value_hash uuid NOT NULL,
    part text NOT NULL CHECK (part IN ('columns', 'column_edges', 'tasks')),
    PRIMARY KEY (value_hash, part)
);

-- The facet that holds now for the columns that a job wrote into a dataset; job_id is 0 where the
-- dataset's own event said it.
CREATE TABLE lineage_store.column_lineage (
    dataset_id bigint NOT NULL,
    job_id bigint NOT NULL,
    facet text NOT NULL CHECK (facet IN ('columnLineage', 'lineage')),
    value_hash uuid NOT NULL,
    is_deleted boolean NOT NULL,
    event_time timestamptz NOT NULL,
    event_hash uuid NOT NULL,
    PRIMARY KEY (dataset_id, job_id, facet)
);
CREATE INDEX column_lineage_value ON lineage_store.column_lineage (value_hash);
CREATE INDEX column_lineage_job ON lineage_store.column_lineage (job_id) WHERE facet = 'lineage';

-- The edges of each distinct facet of that kind; field is null where the input column influences
-- the whole dataset.
CREATE TABLE lineage_store.column_edges (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    value_hash uuid NOT NULL,
    field text,
    input_dataset_id bigint NOT NULL,
    input_field text NOT NULL,
    type text,
    subtype text,
    description text,
    masking boolean
);
CREATE INDEX column_edges_field ON lineage_store.column_edges (value_hash, left(field, 100));
CREATE INDEX column_edges_wide ON lineage_store.column_edges (value_hash) WHERE field IS NULL;
CREATE INDEX column_edges_input
    ON lineage_store.column_edges (input_dataset_id, left(input_field, 100));

-- The columns that each distinct schema, columnLineage or lineage facet names.
CREATE TABLE lineage_store.facet_columns (
    value_hash uuid NOT NULL,
    field text NOT NULL
);
CREATE INDEX facet_columns_value ON lineage_store.facet_columns (value_hash, left(field, 100));

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

-- The words of names, for lineage.search; letters and digits make words.
CREATE FUNCTION lineage_store.words(name text)
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('pg_catalog.simple'::regconfig,
        pg_catalog.regexp_replace(left(name, 1000), '[^[:alnum:]]+', ' ', 'g'))
$$;
CREATE INDEX jobs_words ON lineage_store.jobs USING gin (lineage_store.words(name));
CREATE INDEX datasets_words ON lineage_store.datasets USING gin (lineage_store.words(name));
CREATE INDEX facet_columns_words ON lineage_store.facet_columns
    USING gin (lineage_store.words(field));

-- What the lineage functions return.
CREATE TYPE lineage_store.impact AS (
    depth integer, kind text, namespace text, name text, field text, owners text[],
    last_at timestamptz, last_state text, runs_in_30_days bigint, via text
);
CREATE TYPE lineage_store.run_step AS (
    depth integer, run_id text, job_namespace text, job_name text, state text,
    ended_at timestamptz, namespace text, name text, via text
);
CREATE TYPE lineage_store.lineage_node AS (
    depth integer, kind text, namespace text, name text, via text, edge text
);
CREATE TYPE lineage_store.lineage_column AS (
    depth integer, namespace text, name text, field text, via text, type text, subtype text,
    masking boolean, description text
);
