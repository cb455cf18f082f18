-- What became of the records on Kafka, and where the store is on each partition.

CREATE TYPE lineage_store.framing AS ENUM ('json', 'avro', 'confluent', 'unknown');

-- Where this store is on Kafka, changed in the transaction that stores the records.
--
-- A partition has a row for each of its lives, counted from 1. A life ends when the topic is
-- deleted and made anew under its name, or when Kafka lost what had been read. topic_id is
-- Kafka's (KIP-516), as its tools write it; empty where the brokers tell none. end_offset is
-- where the partition ended when that was last seen, which may be long ago.
CREATE TABLE lineage_store.partitions (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cluster_id text NOT NULL,
    topic text NOT NULL,
    topic_id text NOT NULL,
    partition integer NOT NULL,
    life integer NOT NULL,
    first_offset bigint NOT NULL,
    next_offset bigint NOT NULL,
    end_offset bigint NOT NULL,
    stored bigint NOT NULL DEFAULT 0,
    duplicates bigint NOT NULL DEFAULT 0,
    rejected bigint NOT NULL DEFAULT 0,
    tombstones bigint NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (cluster_id, topic, partition, life)
);

-- The row of a partition's last life under a topic id; an id that is not known is that of all.
CREATE FUNCTION lineage_store.life_of(cluster text, topic text, topic_id text, partition integer)
RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT place.id
    FROM lineage_store.partitions AS place
    WHERE place.cluster_id = $1 AND place.topic = $2 AND place.partition = $4
      AND ($3 IN (place.topic_id, '') OR place.topic_id = '')
    ORDER BY place.life DESC
    LIMIT 1
$$;

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
