-- What became of the records on Kafka.

CREATE OR REPLACE VIEW lineage.partitions AS
SELECT
    cluster_id, topic, partition, first_offset, next_offset,
    stored, duplicates, rejected, tombstones, updated_at,
    nullif(topic_id, '') AS topic_id, life,
    NOT EXISTS (
        SELECT FROM lineage_store.partitions AS later
        WHERE later.cluster_id = place.cluster_id AND later.topic = place.topic
          AND later.id > place.id
          AND (later.topic_id <> place.topic_id OR later.partition = place.partition)
    ) AS is_current,
    end_offset
FROM lineage_store.partitions AS place;
COMMENT ON VIEW lineage.partitions IS 'Where the store is on each Kafka partition, in each of its lives. Records read = stored + duplicates + rejected + tombstones.';
COMMENT ON COLUMN lineage.partitions.cluster_id IS 'Id of the Kafka cluster.';
COMMENT ON COLUMN lineage.partitions.topic IS 'Topic.';
COMMENT ON COLUMN lineage.partitions.partition IS 'Partition.';
COMMENT ON COLUMN lineage.partitions.first_offset IS 'Offset at which reading began.';
COMMENT ON COLUMN lineage.partitions.next_offset IS 'The stored offset: that of the next record to read. Kafka''s own committed offsets are not read.';
COMMENT ON COLUMN lineage.partitions.stored IS 'Records whose event was stored.';
COMMENT ON COLUMN lineage.partitions.duplicates IS 'Records whose event was stored before.';
COMMENT ON COLUMN lineage.partitions.rejected IS 'Records kept in lineage.rejected.';
COMMENT ON COLUMN lineage.partitions.tombstones IS 'Records without a value.';
COMMENT ON COLUMN lineage.partitions.updated_at IS 'When the stored offset last moved.';
COMMENT ON COLUMN lineage.partitions.topic_id IS 'Kafka''s id of the topic, which a topic that is deleted and made again has anew; null where the brokers tell none.';
COMMENT ON COLUMN lineage.partitions.life IS 'Counts the lives of the partition: a new one begins when its topic was made anew, or Kafka lost records that had been read.';
COMMENT ON COLUMN lineage.partitions.is_current IS 'Whether this is the life that is read now.';
COMMENT ON COLUMN lineage.partitions.end_offset IS 'Where the partition ended when that was last looked at: when reading began or the consumer was stopped.';

CREATE OR REPLACE VIEW lineage.rejected AS
SELECT
    partition.topic, partition.partition, rejected.record_offset, rejected.reason,
    rejected.framing::text AS framing, rejected.record_time, rejected.key,
    rejected.header_names, rejected.header_values, rejected.value, rejected.rejected_at,
    nullif(partition.topic_id, '') AS topic_id, partition.life
FROM lineage_store.rejected AS rejected
JOIN lineage_store.partitions AS partition ON partition.id = rejected.partition_id;
COMMENT ON VIEW lineage.rejected IS 'Records that are no OpenLineage events, as they were on Kafka, with the reason.';
COMMENT ON COLUMN lineage.rejected.topic IS 'Topic.';
COMMENT ON COLUMN lineage.rejected.partition IS 'Partition.';
COMMENT ON COLUMN lineage.rejected.record_offset IS 'Offset.';
COMMENT ON COLUMN lineage.rejected.reason IS 'What was expected, what came, and where.';
COMMENT ON COLUMN lineage.rejected.framing IS 'What the first bytes look like: json, avro, confluent or unknown.';
COMMENT ON COLUMN lineage.rejected.record_time IS 'Timestamp of the Kafka record.';
COMMENT ON COLUMN lineage.rejected.key IS 'Key of the record.';
COMMENT ON COLUMN lineage.rejected.header_names IS 'Names of the record''s headers.';
COMMENT ON COLUMN lineage.rejected.header_values IS 'Values of those headers, in the same order.';
COMMENT ON COLUMN lineage.rejected.value IS 'Value of the record.';
COMMENT ON COLUMN lineage.rejected.rejected_at IS 'When it was rejected.';
COMMENT ON COLUMN lineage.rejected.topic_id IS 'Kafka''s id of the topic (lineage.partitions).';
COMMENT ON COLUMN lineage.rejected.life IS 'Which life of the partition (lineage.partitions).';

CREATE OR REPLACE VIEW lineage.gaps AS
SELECT
    partition.topic, partition.partition, gap.from_offset, gap.to_offset, gap.noticed_at,
    nullif(partition.topic_id, '') AS topic_id, partition.life
FROM lineage_store.gaps AS gap
JOIN lineage_store.partitions AS partition ON partition.id = gap.partition_id;
COMMENT ON VIEW lineage.gaps IS 'Records that Kafka deleted, by retention or with their topic, before they were read.';
COMMENT ON COLUMN lineage.gaps.topic IS 'Topic.';
COMMENT ON COLUMN lineage.gaps.partition IS 'Partition.';
COMMENT ON COLUMN lineage.gaps.from_offset IS 'First offset that was lost.';
COMMENT ON COLUMN lineage.gaps.to_offset IS 'First offset after the gap.';
COMMENT ON COLUMN lineage.gaps.noticed_at IS 'When the gap was found.';
COMMENT ON COLUMN lineage.gaps.topic_id IS 'Kafka''s id of the topic (lineage.partitions).';
COMMENT ON COLUMN lineage.gaps.life IS 'Which life of the partition (lineage.partitions).';

CREATE OR REPLACE VIEW lineage.event_days AS
SELECT day, sum(events)::bigint AS events, sum(bytes)::bigint AS bytes
FROM lineage_store.event_days
GROUP BY day;
COMMENT ON VIEW lineage.event_days IS 'Events that were stored, by day: counted when they are stored, so that asking costs the same however many there are. Events that were forgotten since are in it.';
COMMENT ON COLUMN lineage.event_days.day IS 'Day of eventTime, in UTC.';
COMMENT ON COLUMN lineage.event_days.events IS 'Distinct events.';
COMMENT ON COLUMN lineage.event_days.bytes IS 'Bytes of their records'' values on Kafka.';
