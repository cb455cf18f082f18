-- The public views: what users query. Columns are only ever added, at the end.

-- Each event with its pack. A pack is of one month, and its time is that of its first event.
CREATE OR REPLACE VIEW lineage_store.packed_events AS
SELECT
    event.*, pack.bodies, pack.raws, pack.partition_ids, pack.record_offsets, pack.record_times,
    pack.record_bytes, pack.framings, pack.stored_at
FROM lineage_store.events AS event
JOIN lineage_store.event_packs AS pack
    ON pack.id = event.pack_id AND pack.event_time <= event.event_time
   AND pack.event_time >= date_trunc('month', event.event_time, 'UTC');

CREATE OR REPLACE VIEW lineage.events AS
SELECT
    event.hash AS event_id,
    CASE
        WHEN event.dataset_id IS NOT NULL THEN 'DatasetEvent'
        WHEN run.id IS NULL THEN 'JobEvent'
        ELSE 'RunEvent'
    END AS kind,
    event.event_type,
    event.event_time,
    coalesce(run.run_id, run.id::text) AS run_id,
    job.namespace AS job_namespace,
    job.name AS job_name,
    dataset.namespace AS dataset_namespace,
    dataset.name AS dataset_name,
    pipeline.pipeline_run_id,
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
    ON partition.id = coalesce(event.partition_ids[event.place], event.partition_ids[1])
LEFT JOIN lineage_store.runs AS run ON run.id = event.run_id
LEFT JOIN lineage_store.run_pipelines AS pipeline ON pipeline.run_id = event.run_id
LEFT JOIN lineage_store.jobs AS job ON job.id = event.job_id
LEFT JOIN lineage_store.datasets AS dataset ON dataset.id = event.dataset_id;
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

CREATE OR REPLACE VIEW lineage.runs AS
SELECT
    coalesce(run.run_id, run.id::text) AS run_id,
    job.namespace AS job_namespace,
    job.name AS job_name,
    lineage_store.state(run) AS state,
    run.started_at,
    run.ended_at,
    run.ended_at - run.started_at AS duration,
    pipeline.pipeline_run_id,
    coalesce(parent.run_id, parent.id::text) AS parent_run_id,
    coalesce(root.run_id, root.id::text) AS root_run_id,
    run.nominal_start_time,
    run.nominal_end_time,
    run.error_message,
    run.is_dag_run,
    coalesce(
        run.dag_id,
        CASE WHEN run.is_dag_run THEN job.name WHEN run.task_id IS NOT NULL THEN parent.dag_id END
    ) AS dag_id,
    coalesce(
        run.airflow_run_id, CASE WHEN run.task_id IS NOT NULL THEN parent.airflow_run_id END
    ) AS airflow_run_id,
    run.task_id,
    run.map_index,
    run.try_number,
    run.first_event_at,
    run.last_event_at
FROM lineage_store.runs AS run
LEFT JOIN lineage_store.run_pipelines AS pipeline ON pipeline.run_id = run.id
LEFT JOIN lineage_store.jobs AS job ON job.id = run.job_id
LEFT JOIN lineage_store.runs AS parent ON parent.id = run.parent_run_id
LEFT JOIN lineage_store.runs AS root ON root.id = run.root_run_id;
COMMENT ON VIEW lineage.runs IS 'Every run, also those known only as the parent or root of another.';
COMMENT ON COLUMN lineage.runs.run_id IS 'run.runId.';
COMMENT ON COLUMN lineage.runs.job_namespace IS 'Namespace of the run''s job.';
COMMENT ON COLUMN lineage.runs.job_name IS 'Name of the run''s job.';
COMMENT ON COLUMN lineage.runs.state IS 'COMPLETE, FAIL or ABORT (of several the latest by eventTime), else RUNNING, else OTHER; null where no event of the run itself came.';
COMMENT ON COLUMN lineage.runs.started_at IS 'Earliest eventTime of its START events.';
COMMENT ON COLUMN lineage.runs.ended_at IS 'eventTime of the event that gave the terminal state.';
COMMENT ON COLUMN lineage.runs.duration IS 'ended_at - started_at.';
COMMENT ON COLUMN lineage.runs.pipeline_run_id IS 'Pipeline run: its own, else its nearest ancestor''s, else the earliest of its relatives''.';
COMMENT ON COLUMN lineage.runs.parent_run_id IS 'runId of the parent run (facet parent).';
COMMENT ON COLUMN lineage.runs.root_run_id IS 'runId of the root run (facet parent).';
COMMENT ON COLUMN lineage.runs.nominal_start_time IS 'Facet nominalTime.';
COMMENT ON COLUMN lineage.runs.nominal_end_time IS 'Facet nominalTime.';
COMMENT ON COLUMN lineage.runs.error_message IS 'Facet errorMessage.';
COMMENT ON COLUMN lineage.runs.is_dag_run IS 'Whether the run is an Airflow DAG run.';
COMMENT ON COLUMN lineage.runs.dag_id IS 'Airflow dag_id, of DAG runs and task runs.';
COMMENT ON COLUMN lineage.runs.airflow_run_id IS 'Airflow run_id of the DAG run.';
COMMENT ON COLUMN lineage.runs.task_id IS 'Airflow task_id.';
COMMENT ON COLUMN lineage.runs.map_index IS 'Airflow map_index of a mapped task.';
COMMENT ON COLUMN lineage.runs.try_number IS 'Airflow try_number; each try is a run of its own.';
COMMENT ON COLUMN lineage.runs.first_event_at IS 'Earliest eventTime of its events.';
COMMENT ON COLUMN lineage.runs.last_event_at IS 'Latest eventTime of its events.';

CREATE OR REPLACE VIEW lineage.dag_runs AS
SELECT
    coalesce(run.run_id, run.id::text) AS run_id,
    job.namespace AS job_namespace,
    coalesce(run.dag_id, job.name) AS dag_id,
    run.airflow_run_id,
    lineage_store.state(run) AS state,
    pipeline.pipeline_run_id,
    run.started_at,
    run.ended_at,
    run.ended_at - run.started_at AS duration,
    task.tasks,
    task.failed_tasks,
    task.tries,
    run.nominal_start_time,
    run.nominal_end_time,
    run.error_message,
    dag_run.task_graph AS task_graph_id
FROM lineage_store.runs AS run
LEFT JOIN lineage_store.dag_runs AS dag_run ON dag_run.run_id = run.id
LEFT JOIN lineage_store.run_pipelines AS pipeline ON pipeline.run_id = run.id
LEFT JOIN lineage_store.jobs AS job ON job.id = run.job_id
CROSS JOIN LATERAL (
    SELECT
        count(*) AS tasks,
        count(*) FILTER (WHERE last_try.state = 'FAIL') AS failed_tasks,
        coalesce(sum(last_try.tries), 0)::bigint AS tries
    FROM (
        SELECT DISTINCT ON (child.task_id, child.map_index)
            lineage_store.state(child) AS state,
            count(*) OVER (PARTITION BY child.task_id, child.map_index) AS tries
        FROM lineage_store.runs AS child
        WHERE coalesce(child.parent_run_id, child.upstream_run_id, child.id) = run.id
          AND child.parent_run_id = run.id AND child.task_id IS NOT NULL
        ORDER BY child.task_id, child.map_index, child.try_number DESC NULLS LAST
    ) AS last_try
) AS task
WHERE run.is_dag_run;
COMMENT ON VIEW lineage.dag_runs IS 'Every Airflow DAG run, also those known only from their tasks.';
COMMENT ON COLUMN lineage.dag_runs.run_id IS 'OpenLineage runId of the DAG run.';
COMMENT ON COLUMN lineage.dag_runs.job_namespace IS 'Namespace of the DAG''s job.';
COMMENT ON COLUMN lineage.dag_runs.dag_id IS 'Airflow dag_id.';
COMMENT ON COLUMN lineage.dag_runs.airflow_run_id IS 'Airflow run_id.';
COMMENT ON COLUMN lineage.dag_runs.state IS 'As in lineage.runs; null where none of the DAG''s own events came.';
COMMENT ON COLUMN lineage.dag_runs.pipeline_run_id IS 'Pipeline run.';
COMMENT ON COLUMN lineage.dag_runs.started_at IS 'Earliest START.';
COMMENT ON COLUMN lineage.dag_runs.ended_at IS 'Time of the terminal state.';
COMMENT ON COLUMN lineage.dag_runs.duration IS 'ended_at - started_at.';
COMMENT ON COLUMN lineage.dag_runs.tasks IS 'Tasks that sent events; each mapped task instance counts.';
COMMENT ON COLUMN lineage.dag_runs.failed_tasks IS 'Tasks whose last try failed.';
COMMENT ON COLUMN lineage.dag_runs.tries IS 'Runs of those tasks, tries included.';
COMMENT ON COLUMN lineage.dag_runs.nominal_start_time IS 'Facet nominalTime.';
COMMENT ON COLUMN lineage.dag_runs.nominal_end_time IS 'Facet nominalTime.';
COMMENT ON COLUMN lineage.dag_runs.error_message IS 'Facet errorMessage.';
COMMENT ON COLUMN lineage.dag_runs.task_graph_id IS 'Version of the DAG''s task graph that the run started with.';

CREATE OR REPLACE VIEW lineage.pipeline_runs AS
SELECT
    pipeline.pipeline_run_id,
    count(*) AS runs,
    count(*) FILTER (WHERE run.is_dag_run) AS dag_runs,
    count(*) FILTER (WHERE run.end_state = 'FAIL') AS failed_runs,
    count(*) FILTER (WHERE run.end_state IS NULL AND run.is_running) AS running_runs,
    min(run.first_event_at) AS first_event_at,
    max(run.last_event_at) AS last_event_at
FROM lineage_store.run_pipelines AS pipeline
JOIN lineage_store.runs AS run ON run.id = pipeline.run_id
GROUP BY pipeline.pipeline_run_id;
COMMENT ON VIEW lineage.pipeline_runs IS 'Every pipeline_run_id and what became of its runs.';
COMMENT ON COLUMN lineage.pipeline_runs.pipeline_run_id IS 'The id, as text; often but not always a UUID.';
COMMENT ON COLUMN lineage.pipeline_runs.runs IS 'Runs of all kinds.';
COMMENT ON COLUMN lineage.pipeline_runs.dag_runs IS 'Airflow DAG runs among them.';
COMMENT ON COLUMN lineage.pipeline_runs.failed_runs IS 'Runs in state FAIL; a failed try that was retried counts.';
COMMENT ON COLUMN lineage.pipeline_runs.running_runs IS 'Runs in state RUNNING.';
COMMENT ON COLUMN lineage.pipeline_runs.first_event_at IS 'Earliest eventTime.';
COMMENT ON COLUMN lineage.pipeline_runs.last_event_at IS 'Latest eventTime.';

CREATE OR REPLACE VIEW lineage.jobs AS
SELECT
    job.namespace, job.name, job.job_type, job.integration, job.processing_type,
    job.description, job.sql,
    latest.run_id AS latest_run_id, latest.state AS latest_state,
    latest.started_at AS latest_started_at
FROM lineage_store.jobs AS job
LEFT JOIN LATERAL (
    SELECT
        coalesce(run.run_id, run.id::text) AS run_id, lineage_store.state(run) AS state,
        run.started_at
    FROM lineage_store.runs AS run
    WHERE run.job_id = job.id AND run.first_event_at IS NOT NULL
    ORDER BY run.first_event_at DESC, run.id DESC LIMIT 1
) AS latest ON true;
COMMENT ON VIEW lineage.jobs IS 'Every job.';
COMMENT ON COLUMN lineage.jobs.namespace IS 'job.namespace.';
COMMENT ON COLUMN lineage.jobs.name IS 'job.name.';
COMMENT ON COLUMN lineage.jobs.job_type IS 'Facet jobType: DAG, TASK, QUERY, MODEL, ...';
COMMENT ON COLUMN lineage.jobs.integration IS 'Facet jobType: AIRFLOW, DBT, SPARK, ...';
COMMENT ON COLUMN lineage.jobs.processing_type IS 'Facet jobType: BATCH or STREAMING.';
COMMENT ON COLUMN lineage.jobs.description IS 'Facet documentation.';
COMMENT ON COLUMN lineage.jobs.sql IS 'Facet sql: the query.';
COMMENT ON COLUMN lineage.jobs.latest_run_id IS 'The latest run: the one whose first event is the latest, whether or not it sent a START.';
COMMENT ON COLUMN lineage.jobs.latest_state IS 'State of that run.';
COMMENT ON COLUMN lineage.jobs.latest_started_at IS 'Start of that run.';

CREATE OR REPLACE VIEW lineage.datasets AS
SELECT dataset.namespace, dataset.name, dataset.description
FROM lineage_store.datasets AS dataset;
COMMENT ON VIEW lineage.datasets IS 'Every dataset, also those named only in column lineage.';
COMMENT ON COLUMN lineage.datasets.namespace IS 'dataset.namespace.';
COMMENT ON COLUMN lineage.datasets.name IS 'dataset.name.';
COMMENT ON COLUMN lineage.datasets.description IS 'Facet documentation.';

CREATE OR REPLACE VIEW lineage.dataset_fields AS
SELECT
    dataset.namespace, dataset.name,
    field.position::integer AS position,
    lineage_store.text_at(field.value, 'name') AS field,
    lineage_store.text_at(field.value, 'type') AS type,
    lineage_store.text_at(field.value, 'description') AS description
FROM lineage_store.datasets AS dataset
JOIN lineage_store.facet_versions AS facet
    ON facet.owner = 'dataset' AND facet.owner_id = dataset.id AND facet.name = 'schema'
   AND facet.ended_at IS NULL AND NOT facet.is_deleted
JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash
CROSS JOIN LATERAL jsonb_array_elements(
    CASE WHEN jsonb_typeof(stored.value -> 'fields') = 'array'
         THEN stored.value -> 'fields' ELSE '[]' END
) WITH ORDINALITY AS field (value, position);
COMMENT ON VIEW lineage.dataset_fields IS 'The fields of each dataset''s schema facet as it stands; nested fields are in lineage.dataset_facets.';
COMMENT ON COLUMN lineage.dataset_fields.namespace IS 'Namespace of the dataset.';
COMMENT ON COLUMN lineage.dataset_fields.name IS 'Name of the dataset.';
COMMENT ON COLUMN lineage.dataset_fields.position IS 'Place in the schema, from 1.';
COMMENT ON COLUMN lineage.dataset_fields.field IS 'Name of the field.';
COMMENT ON COLUMN lineage.dataset_fields.type IS 'Type of the field, as the producer wrote it.';
COMMENT ON COLUMN lineage.dataset_fields.description IS 'Description of the field.';

CREATE OR REPLACE VIEW lineage.run_inputs AS
SELECT
    coalesce(run.run_id, run.id::text) AS run_id, dataset.namespace, dataset.name,
    io.rows, io.bytes, io.files
FROM lineage_store.run_io AS io
JOIN lineage_store.runs AS run ON run.id = io.run_id
JOIN lineage_store.datasets AS dataset ON dataset.id = io.dataset_id
WHERE NOT io.is_output;
COMMENT ON VIEW lineage.run_inputs IS 'What each run read: the union over its events.';
COMMENT ON COLUMN lineage.run_inputs.run_id IS 'The run.';
COMMENT ON COLUMN lineage.run_inputs.namespace IS 'Namespace of the dataset.';
COMMENT ON COLUMN lineage.run_inputs.name IS 'Name of the dataset.';
COMMENT ON COLUMN lineage.run_inputs.rows IS 'Rows, the greatest rowCount of its inputStatistics facets.';
COMMENT ON COLUMN lineage.run_inputs.bytes IS 'Bytes, the greatest size of those facets.';
COMMENT ON COLUMN lineage.run_inputs.files IS 'Files, the greatest fileCount of those facets.';

CREATE OR REPLACE VIEW lineage.run_outputs AS
SELECT
    coalesce(run.run_id, run.id::text) AS run_id, dataset.namespace, dataset.name,
    io.rows, io.bytes, io.files
FROM lineage_store.run_io AS io
JOIN lineage_store.runs AS run ON run.id = io.run_id
JOIN lineage_store.datasets AS dataset ON dataset.id = io.dataset_id
WHERE io.is_output;
COMMENT ON VIEW lineage.run_outputs IS 'What each run wrote: the union over its events.';
COMMENT ON COLUMN lineage.run_outputs.run_id IS 'The run.';
COMMENT ON COLUMN lineage.run_outputs.namespace IS 'Namespace of the dataset.';
COMMENT ON COLUMN lineage.run_outputs.name IS 'Name of the dataset.';
COMMENT ON COLUMN lineage.run_outputs.rows IS 'Rows, the greatest rowCount of its outputStatistics facets.';
COMMENT ON COLUMN lineage.run_outputs.bytes IS 'Bytes, the greatest size of those facets.';
COMMENT ON COLUMN lineage.run_outputs.files IS 'Files, the greatest fileCount of those facets.';

CREATE OR REPLACE VIEW lineage.job_datasets AS
SELECT
    job.namespace AS job_namespace, job.name AS job_name,
    CASE WHEN edge.is_output THEN 'output' ELSE 'input' END AS direction,
    dataset.namespace AS dataset_namespace, dataset.name AS dataset_name,
    edge.first_event_at, edge.last_event_at
FROM lineage_store.job_io AS edge
JOIN lineage_store.jobs AS job ON job.id = edge.job_id
JOIN lineage_store.datasets AS dataset ON dataset.id = edge.dataset_id;
COMMENT ON VIEW lineage.job_datasets IS 'The edges of the lineage graph: what jobs read and wrote in any run or job event.';
COMMENT ON COLUMN lineage.job_datasets.job_namespace IS 'Namespace of the job.';
COMMENT ON COLUMN lineage.job_datasets.job_name IS 'Name of the job.';
COMMENT ON COLUMN lineage.job_datasets.direction IS 'input (the job reads the dataset) or output (it writes it).';
COMMENT ON COLUMN lineage.job_datasets.dataset_namespace IS 'Namespace of the dataset.';
COMMENT ON COLUMN lineage.job_datasets.dataset_name IS 'Name of the dataset.';
COMMENT ON COLUMN lineage.job_datasets.first_event_at IS 'Earliest eventTime that told of the edge.';
COMMENT ON COLUMN lineage.job_datasets.last_event_at IS 'Latest eventTime that told of the edge.';
