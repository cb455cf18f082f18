-- Runs, what they read and wrote, and what checks found.

CREATE OR REPLACE VIEW lineage.runs AS
SELECT
    run_id, job_namespace, job_name, state, started_at, ended_at, duration, pipeline_run_id,
    parent_run_id, root_run_id, nominal_start_time, nominal_end_time, error_message, is_dag_run,
    dag_id, airflow_run_id, task_id, map_index, try_number, first_event_at, last_event_at
FROM lineage_store.pipeline_members;
COMMENT ON VIEW lineage.runs IS 'Every run, also those known only as the parent or root of another.';
COMMENT ON COLUMN lineage.runs.run_id IS 'run.runId; a UUID in small letters, whichever case it was sent in.';
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

-- What runs read and wrote, under every name: 11_names.sql says why in two parts.
CREATE OR REPLACE VIEW lineage_store.named_run_io AS
SELECT
    lineage_store.run_id(run) AS run_id, dataset.namespace, dataset.name,
    io.rows, io.bytes, io.files, dataset.main_namespace, dataset.main_name, dataset.is_main,
    io.is_output
FROM lineage_store.run_io AS io
JOIN lineage_store.runs AS run ON run.id = io.run_id
JOIN lineage_store.lone_names AS dataset ON dataset.dataset_id = io.dataset_id
UNION ALL
SELECT
    lineage_store.run_id(run) AS run_id, dataset.namespace, dataset.name,
    io.rows, io.bytes, io.files, dataset.main_namespace, dataset.main_name, dataset.is_main,
    io.is_output
FROM lineage_store.run_io AS io
JOIN lineage_store.runs AS run ON run.id = io.run_id
JOIN lineage_store.joined_names AS dataset ON dataset.dataset_id = io.dataset_id;

CREATE OR REPLACE VIEW lineage.run_inputs AS
SELECT run_id, namespace, name, rows, bytes, files, main_namespace, main_name, is_main
FROM lineage_store.named_run_io
WHERE NOT is_output;
COMMENT ON VIEW lineage.run_inputs IS 'What each run read: the union over its events. A dataset that has several names has a row under each; WHERE is_main: under one.';
COMMENT ON COLUMN lineage.run_inputs.run_id IS 'The run.';
COMMENT ON COLUMN lineage.run_inputs.namespace IS 'Namespace of this name of the dataset.';
COMMENT ON COLUMN lineage.run_inputs.name IS 'This name; whichever of them an event used.';
COMMENT ON COLUMN lineage.run_inputs.rows IS 'Rows, the greatest rowCount of its inputStatistics facets.';
COMMENT ON COLUMN lineage.run_inputs.bytes IS 'Bytes, the greatest size of those facets.';
COMMENT ON COLUMN lineage.run_inputs.files IS 'Files, the greatest fileCount of those facets.';
COMMENT ON COLUMN lineage.run_inputs.main_namespace IS 'Namespace of the dataset''s main name.';
COMMENT ON COLUMN lineage.run_inputs.main_name IS 'The dataset''s main name (lineage.dataset_names).';
COMMENT ON COLUMN lineage.run_inputs.is_main IS 'Whether namespace and name are the main name: WHERE is_main is each input once.';

CREATE OR REPLACE VIEW lineage.run_outputs AS
SELECT run_id, namespace, name, rows, bytes, files, main_namespace, main_name, is_main
FROM lineage_store.named_run_io
WHERE is_output;
COMMENT ON VIEW lineage.run_outputs IS 'What each run wrote: the union over its events. A dataset that has several names has a row under each; WHERE is_main: under one.';
COMMENT ON COLUMN lineage.run_outputs.run_id IS 'The run.';
COMMENT ON COLUMN lineage.run_outputs.namespace IS 'Namespace of this name of the dataset.';
COMMENT ON COLUMN lineage.run_outputs.name IS 'This name; whichever of them an event used.';
COMMENT ON COLUMN lineage.run_outputs.rows IS 'Rows, the greatest rowCount of its outputStatistics facets.';
COMMENT ON COLUMN lineage.run_outputs.bytes IS 'Bytes, the greatest size of those facets.';
COMMENT ON COLUMN lineage.run_outputs.files IS 'Files, the greatest fileCount of those facets.';
COMMENT ON COLUMN lineage.run_outputs.main_namespace IS 'Namespace of the dataset''s main name.';
COMMENT ON COLUMN lineage.run_outputs.main_name IS 'The dataset''s main name (lineage.dataset_names).';
COMMENT ON COLUMN lineage.run_outputs.is_main IS 'Whether namespace and name are the main name: WHERE is_main is each output once.';

-- In two parts, as lineage_store.named_run_io; a check need not name a dataset.
CREATE OR REPLACE VIEW lineage.quality_checks AS
SELECT
    lineage_store.run_id(run) AS run_id,
    job.namespace AS job_namespace, job.name AS job_name,
    dataset.namespace, dataset.name,
    quality.assertion, quality.column_name, quality.success, quality.severity, quality.event_time,
    dataset.namespace AS main_namespace, dataset.name AS main_name, true AS is_main
FROM lineage_store.quality_checks AS quality
JOIN lineage_store.runs AS run ON run.id = quality.run_id
JOIN lineage_store.jobs AS job ON job.id = run.job_id
LEFT JOIN lineage_store.datasets AS dataset ON dataset.id = quality.dataset_id
WHERE NOT EXISTS (
    SELECT FROM lineage_store.dataset_groups AS member
    WHERE member.dataset_id = quality.dataset_id
)
UNION ALL
SELECT
    lineage_store.run_id(run), job.namespace, job.name, dataset.namespace, dataset.name,
    quality.assertion, quality.column_name, quality.success, quality.severity, quality.event_time,
    dataset.main_namespace, dataset.main_name, dataset.is_main
FROM lineage_store.quality_checks AS quality
JOIN lineage_store.runs AS run ON run.id = quality.run_id
JOIN lineage_store.jobs AS job ON job.id = run.job_id
JOIN lineage_store.joined_names AS dataset ON dataset.dataset_id = quality.dataset_id;
COMMENT ON VIEW lineage.quality_checks IS 'What checks found: facet dataQualityAssertions of datasets, facet test of runs. Of one check of a run the latest result. What was found of a dataset that has several names has a row under each; WHERE is_main: under one.';
COMMENT ON COLUMN lineage.quality_checks.run_id IS 'The run that checked.';
COMMENT ON COLUMN lineage.quality_checks.job_namespace IS 'Namespace of the run''s job.';
COMMENT ON COLUMN lineage.quality_checks.job_name IS 'Name of the run''s job.';
COMMENT ON COLUMN lineage.quality_checks.namespace IS 'Namespace of this name of the dataset that was checked; null where a run''s facet test names none.';
COMMENT ON COLUMN lineage.quality_checks.name IS 'This name of that dataset; whichever of them the event used.';
COMMENT ON COLUMN lineage.quality_checks.assertion IS 'What was checked: not_null, unique, ..., or the name of the test.';
COMMENT ON COLUMN lineage.quality_checks.column_name IS 'The column (the facet''s member column); null where it is about the whole dataset.';
COMMENT ON COLUMN lineage.quality_checks.success IS 'Whether it held; null where it was skipped.';
COMMENT ON COLUMN lineage.quality_checks.severity IS 'error, warn, ..., as the producer wrote it.';
COMMENT ON COLUMN lineage.quality_checks.event_time IS 'eventTime of the event that says so.';
COMMENT ON COLUMN lineage.quality_checks.main_namespace IS 'Namespace of the dataset''s main name.';
COMMENT ON COLUMN lineage.quality_checks.main_name IS 'The dataset''s main name (lineage.dataset_names).';
COMMENT ON COLUMN lineage.quality_checks.is_main IS 'Whether namespace and name are the main name: WHERE is_main is each result once.';
