-- What became of the records on Kafka, and where the store is on each partition.

CREATE TYPE lineage_store.framing AS ENUM ('json', 'avro', 'confluent', 'unknown');

-- Where this store is on Kafka, changed in the transaction that stores the records.
CREATE TABLE lineage_store.partitions (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cluster_id text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    first_offset bigint NOT NULL,
    next_offset bigint NOT NULL,
    stored bigint NOT NULL DEFAULT 0,
    duplicates bigint NOT NULL DEFAULT 0,
    rejected bigint NOT NULL DEFAULT 0,
    tombstones bigint NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (cluster_id, topic, partition)
);

-- Offsets that Kafka deleted (retention) before they were read: [from_offset, to_offset).
CREATE TABLE lineage_store.gaps (
    partition_id integer NOT NULL REFERENCES lineage_store.partitions,
    from_offset bigint NOT NULL,
    to_offset bigint NOT NULL,
    noticed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (partition_id, from_offset)
);

CREATE TABLE lineage_store.rejected (
    partition_id integer NOT NULL REFERENCES lineage_store.partitions,
    record_offset bigint NOT NULL,
    reason text NOT NULL,
    framing lineage_store.framing NOT NULL,
    record_time timestamptz,
    key bytea,
    header_names text[] NOT NULL,
    header_values bytea[] NOT NULL,
    value bytea NOT NULL,
    rejected_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (partition_id, record_offset)
);
