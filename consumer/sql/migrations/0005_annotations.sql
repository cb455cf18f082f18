-- What the API shows beside the events: under which parents jobs ran, and what people say by hand.

-- Under which jobs each job ran: Marquez calls a job by its parent's name and its own. Parent 0:
-- it ran under none, or another job's event names it as that one's parent.
CREATE TABLE lineage_store.job_parents (
    job_id bigint NOT NULL,
    parent_id bigint NOT NULL,
    first_event_at timestamptz NOT NULL,
    last_event_at timestamptz NOT NULL,
    PRIMARY KEY (job_id, parent_id)
) WITH (fillfactor = 85);

-- Of a namespace: its owner, and what it is for.
CREATE TABLE lineage_store.namespace_notes (
    name text PRIMARY KEY,
    owner text NOT NULL,
    description text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- Where datasets physically are.
CREATE TABLE lineage_store.source_notes (
    name text PRIMARY KEY,
    type text NOT NULL,
    connection_url text NOT NULL,
    description text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE lineage_store.tag_notes (
    name text PRIMARY KEY,
    description text
);

-- What has a tag: a job or dataset, or (field not empty) a field of the dataset.
CREATE TABLE lineage_store.tagged (
    owner_id bigint NOT NULL,
    field text NOT NULL DEFAULT '',
    tag text NOT NULL,
    tagged_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner_id, field, tag)
);

-- What is hidden until a newer event names it: a job or dataset by its id, a namespace by its name.
CREATE TABLE lineage_store.hidden_nodes (
    id bigint PRIMARY KEY,
    hidden_at timestamptz NOT NULL
);
CREATE TABLE lineage_store.hidden_namespaces (
    name text PRIMARY KEY,
    hidden_at timestamptz NOT NULL
);
