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

-- Each event with what its pack says of it.
CREATE OR REPLACE VIEW lineage_store.described_events AS
SELECT
    event.hash, event.event_type, event.event_time, event.run_id, event.job_id, event.dataset_id,
    event.bodies[event.place]::jsonb ->> 'producer' AS producer,
    event.bodies[event.place]::jsonb AS event,
    event.raws[event.place] AS raw,
    coalesce(event.framings[event.place], event.framings[1]) AS framing,
    event.record_bytes[event.place] AS record_bytes,
    CASE cardinality(event.record_times)
        WHEN 1 THEN event.record_times[1] ELSE event.record_times[event.place]
    END AS record_time,
    partition.topic,
    partition.partition,
    event.record_offsets[event.place] AS record_offset,
    coalesce(event.stored_at[event.place], event.stored_at[1]) AS stored_at
FROM lineage_store.packed_events AS event
JOIN lineage_store.partitions AS partition
    ON partition.id = coalesce(event.partition_ids[event.place], event.partition_ids[1]);

CREATE OR REPLACE VIEW lineage_store.run_events AS
SELECT
    event.*, job.namespace AS job_namespace, job.name AS job_name,
    coalesce(run.run_id, run.id::text) AS run_name,
    coalesce(run.parent_run_id, run.upstream_run_id, run.id) AS family_id,
    run.pipeline_run_id AS own_pipeline_run_id
FROM lineage_store.described_events AS event
JOIN lineage_store.runs AS run ON run.id = event.run_id
LEFT JOIN lineage_store.jobs AS job ON job.id = event.job_id;

-- Those of runs, and whose pipeline run they take: 15_pipeline.sql says why in four parts.
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

CREATE OR REPLACE VIEW lineage.events AS
SELECT
    event.hash AS event_id, 'RunEvent' AS kind, event.event_type, event.event_time,
    event.run_name AS run_id, event.job_namespace, event.job_name,
    NULL::text AS dataset_namespace, NULL::text AS dataset_name, event.pipeline_run_id,
    event.producer, event.event, event.raw, event.framing, event.record_bytes, event.record_time,
    event.topic, event.partition, event.record_offset, event.stored_at
FROM lineage_store.pipeline_events AS event
UNION ALL
SELECT
    event.hash, CASE WHEN event.dataset_id IS NULL THEN 'JobEvent' ELSE 'DatasetEvent' END,
    event.event_type, event.event_time, NULL,
    job.namespace, job.name, dataset.namespace, dataset.name, NULL,
    event.producer, event.event, event.raw, event.framing, event.record_bytes, event.record_time,
    event.topic, event.partition, event.record_offset, event.stored_at
FROM lineage_store.described_events AS event
LEFT JOIN lineage_store.jobs AS job ON job.id = event.job_id
LEFT JOIN lineage_store.datasets AS dataset ON dataset.id = event.dataset_id
WHERE event.run_id = '00000000-0000-0000-0000-000000000000';
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
