-- Every event, as it was sent.

-- Each event with its pack. A pack is of one month, and its time is that of its first event.
CREATE OR REPLACE VIEW lineage_store.packed_events AS
SELECT
    event.*, pack.bodies, pack.raws, pack.partition_ids, pack.record_offsets, pack.record_times,
    pack.record_bytes, pack.framings, pack.stored_at
FROM lineage_store.events AS event
JOIN lineage_store.event_packs AS pack
    ON pack.id = event.pack_id AND pack.event_time <= event.event_time
   AND pack.event_time >= date_trunc('month', event.event_time, 'UTC');

-- Those of runs, with their job.
CREATE OR REPLACE VIEW lineage_store.run_events AS
SELECT
    event.*, job.namespace AS job_namespace, job.name AS job_name,
    lineage_store.run_id(run) AS run_name,
    coalesce(run.parent_run_id, run.upstream_run_id, run.id) AS family_id,
    run.pipeline_run_id AS own_pipeline_run_id
FROM lineage_store.events AS event
JOIN lineage_store.runs AS run ON run.id = event.run_id
LEFT JOIN lineage_store.jobs AS job ON job.id = event.job_id;

-- And whose pipeline run they take: 15_pipeline.sql says why in four parts. They are those of
-- 16_described_runs.sql, and stand here once more since PostgreSQL looks up runs by their ids only
-- within a part: joined to the four as a whole, the events of a job would read all runs through.
CREATE OR REPLACE VIEW lineage_store.pipeline_events AS
SELECT event.*, event.own_pipeline_run_id AS pipeline_run_id
FROM lineage_store.run_events AS event
WHERE event.own_pipeline_run_id IS NOT NULL
UNION ALL
SELECT event.*, head.pipeline_run_id
FROM lineage_store.run_events AS event
JOIN lineage_store.families AS family ON family.run_id = event.family_id
JOIN lineage_store.families AS head ON head.run_id = family.head_run_id
WHERE event.own_pipeline_run_id IS NULL
UNION ALL
SELECT event.*, top.adopted_pipeline_run_id
FROM lineage_store.run_events AS event
JOIN lineage_store.families AS family ON family.run_id = event.family_id
JOIN lineage_store.families AS top ON top.run_id = family.top_run_id
WHERE event.own_pipeline_run_id IS NULL AND family.head_run_id IS NULL
  AND top.adopted_pipeline_run_id IS NOT NULL
UNION ALL
SELECT event.*, NULL
FROM lineage_store.run_events AS event
LEFT JOIN lineage_store.families AS family ON family.run_id = event.family_id
LEFT JOIN lineage_store.families AS top ON top.run_id = family.top_run_id
WHERE event.own_pipeline_run_id IS NULL AND family.head_run_id IS NULL
  AND top.adopted_pipeline_run_id IS NULL;

-- Every event with its names, those of no run among them.
CREATE OR REPLACE VIEW lineage_store.named_events AS
SELECT
    event.hash, 'RunEvent' AS kind, event.event_type, event.event_time, event.run_name AS run_id,
    event.job_namespace, event.job_name, NULL::text AS dataset_namespace,
    NULL::text AS dataset_name, event.pipeline_run_id, event.pack_id, event.place
FROM lineage_store.pipeline_events AS event
UNION ALL
SELECT
    event.hash, CASE WHEN event.dataset_id IS NULL THEN 'JobEvent' ELSE 'DatasetEvent' END,
    event.event_type, event.event_time, NULL, job.namespace, job.name,
    dataset.namespace, dataset.name, NULL, event.pack_id, event.place
FROM lineage_store.events AS event
LEFT JOIN lineage_store.jobs AS job ON job.id = event.job_id
LEFT JOIN lineage_store.datasets AS dataset ON dataset.id = event.dataset_id
WHERE event.run_id = '00000000-0000-0000-0000-000000000000';

-- What the pack says stands in a sub-query for each column, so that a query reads the packs of those
-- rows alone that it shows, and none if it shows no such column.
CREATE OR REPLACE VIEW lineage.events AS
SELECT
    event.hash AS event_id, event.kind, event.event_type, event.event_time, event.run_id,
    event.job_namespace, event.job_name, event.dataset_namespace, event.dataset_name,
    event.pipeline_run_id,
    (
        SELECT pack.bodies[event.place]::jsonb ->> 'producer'
        FROM lineage_store.event_packs AS pack
        WHERE pack.id = event.pack_id
          AND pack.event_time BETWEEN of_event.month AND event.event_time
    ) AS producer,
    (
        SELECT pack.bodies[event.place]::jsonb
        FROM lineage_store.event_packs AS pack
        WHERE pack.id = event.pack_id
          AND pack.event_time BETWEEN of_event.month AND event.event_time
    ) AS event,
    (
        SELECT pack.raws[event.place]
        FROM lineage_store.event_packs AS pack
        WHERE pack.id = event.pack_id
          AND pack.event_time BETWEEN of_event.month AND event.event_time
    ) AS raw,
    (
        SELECT pack.framings[least(event.place, cardinality(pack.framings))]
        FROM lineage_store.event_packs AS pack
        WHERE pack.id = event.pack_id
          AND pack.event_time BETWEEN of_event.month AND event.event_time
    ) AS framing,
    (
        SELECT pack.record_bytes[event.place]
        FROM lineage_store.event_packs AS pack
        WHERE pack.id = event.pack_id
          AND pack.event_time BETWEEN of_event.month AND event.event_time
    ) AS record_bytes,
    (
        SELECT pack.record_times[least(event.place, cardinality(pack.record_times))]
        FROM lineage_store.event_packs AS pack
        WHERE pack.id = event.pack_id
          AND pack.event_time BETWEEN of_event.month AND event.event_time
    ) AS record_time,
    (
        SELECT partition.topic
        FROM lineage_store.event_packs AS pack
        JOIN lineage_store.partitions AS partition
            ON partition.id = pack.partition_ids[least(event.place, cardinality(pack.partition_ids))]
        WHERE pack.id = event.pack_id
          AND pack.event_time BETWEEN of_event.month AND event.event_time
    ) AS topic,
    (
        SELECT partition.partition
        FROM lineage_store.event_packs AS pack
        JOIN lineage_store.partitions AS partition
            ON partition.id = pack.partition_ids[least(event.place, cardinality(pack.partition_ids))]
        WHERE pack.id = event.pack_id
          AND pack.event_time BETWEEN of_event.month AND event.event_time
    ) AS partition,
    (
        SELECT pack.record_offsets[event.place]
        FROM lineage_store.event_packs AS pack
        WHERE pack.id = event.pack_id
          AND pack.event_time BETWEEN of_event.month AND event.event_time
    ) AS record_offset,
    (
        SELECT pack.stored_at[least(event.place, cardinality(pack.stored_at))]
        FROM lineage_store.event_packs AS pack
        WHERE pack.id = event.pack_id
          AND pack.event_time BETWEEN of_event.month AND event.event_time
    ) AS stored_at
FROM lineage_store.named_events AS event
CROSS JOIN LATERAL (
    SELECT date_trunc('month', event.event_time, 'UTC') AS month
) AS of_event;
COMMENT ON VIEW lineage.events IS 'Every distinct OpenLineage event, once, with its place on Kafka.';
COMMENT ON COLUMN lineage.events.event_id IS 'Identity: first 16 bytes of the sha256 of the event''s canonical JSON.';
COMMENT ON COLUMN lineage.events.kind IS 'RunEvent, JobEvent or DatasetEvent.';
COMMENT ON COLUMN lineage.events.event_type IS 'eventType as sent: START, RUNNING, COMPLETE, ABORT, FAIL, OTHER; null where the event has none.';
COMMENT ON COLUMN lineage.events.event_time IS 'eventTime; one without a zone is taken for UTC.';
COMMENT ON COLUMN lineage.events.run_id IS 'run.runId of a RunEvent.';
COMMENT ON COLUMN lineage.events.job_namespace IS 'Namespace of the event''s job.';
COMMENT ON COLUMN lineage.events.job_name IS 'Name of the event''s job.';
COMMENT ON COLUMN lineage.events.dataset_namespace IS 'Namespace of a DatasetEvent''s dataset.';
COMMENT ON COLUMN lineage.events.dataset_name IS 'Name of a DatasetEvent''s dataset.';
COMMENT ON COLUMN lineage.events.pipeline_run_id IS 'Pipeline run that the event''s run belongs to.';
COMMENT ON COLUMN lineage.events.producer IS 'URI of the producer.';
COMMENT ON COLUMN lineage.events.event IS 'The original event; what jsonb cannot hold (NUL, lone surrogates, NaN) is replaced, then raw has the original.';
COMMENT ON COLUMN lineage.events.raw IS 'The record''s value as it was on Kafka, where jsonb cannot give back exactly the same event; else null.';
COMMENT ON COLUMN lineage.events.framing IS 'Form of the record''s value on Kafka: avro (single-object encoding), confluent or json.';
COMMENT ON COLUMN lineage.events.record_bytes IS 'Size of the record''s value on Kafka, in bytes.';
COMMENT ON COLUMN lineage.events.record_time IS 'Timestamp of the Kafka record.';
COMMENT ON COLUMN lineage.events.topic IS 'Kafka topic of the first record that held the event.';
COMMENT ON COLUMN lineage.events.partition IS 'Kafka partition of that record.';
COMMENT ON COLUMN lineage.events.record_offset IS 'Kafka offset of that record.';
COMMENT ON COLUMN lineage.events.stored_at IS 'When the event was stored.';
