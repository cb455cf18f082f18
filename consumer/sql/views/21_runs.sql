-- Runs, what they read and wrote, and what checks found.

CREATE OR REPLACE VIEW lineage_store.described_runs AS
SELECT
    run.id,
    coalesce(run.run_id, run.id::text) AS run_id,
    job.namespace AS job_namespace,
    job.name AS job_name,
    lineage_store.state(run) AS state,
    run.started_at,
    run.ended_at,
    run.ended_at - run.started_at AS duration,
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
    run.last_event_at,
    run.parent_run_id AS parent_id,
    coalesce(run.parent_run_id, run.upstream_run_id, run.id) AS family_id,
    run.pipeline_run_id AS own_pipeline_run_id,
    run.airflow_run_id AS own_airflow_run_id
FROM lineage_store.runs AS run
LEFT JOIN lineage_store.jobs AS job ON job.id = run.job_id
LEFT JOIN lineage_store.runs AS parent ON parent.id = run.parent_run_id
LEFT JOIN lineage_store.runs AS root ON root.id = run.root_run_id;

-- The same with the pipeline run they belong to: 15_pipeline.sql says why in four parts.
CREATE OR REPLACE VIEW lineage_store.pipeline_members AS
SELECT run.*, run.own_pipeline_run_id AS pipeline_run_id
FROM lineage_store.described_runs AS run
WHERE run.own_pipeline_run_id IS NOT NULL
UNION ALL
SELECT run.*, head.pipeline_run_id
FROM lineage_store.described_runs AS run
JOIN lineage_store.families AS family ON family.run_id = run.family_id
JOIN lineage_store.families AS head ON head.run_id = family.head_run_id
WHERE run.own_pipeline_run_id IS NULL
UNION ALL
SELECT run.*, top.adopted_pipeline_run_id
FROM lineage_store.described_runs AS run
JOIN lineage_store.families AS family ON family.run_id = run.family_id
JOIN lineage_store.families AS top ON top.run_id = family.top_run_id
WHERE run.own_pipeline_run_id IS NULL AND family.head_run_id IS NULL
  AND top.adopted_pipeline_run_id IS NOT NULL
UNION ALL
SELECT run.*, NULL
FROM lineage_store.described_runs AS run
LEFT JOIN lineage_store.families AS family ON family.run_id = run.family_id
LEFT JOIN lineage_store.families AS top ON top.run_id = family.top_run_id
WHERE run.own_pipeline_run_id IS NULL AND family.head_run_id IS NULL
  AND top.adopted_pipeline_run_id IS NULL;

CREATE OR REPLACE VIEW lineage.runs AS
SELECT
    run_id, job_namespace, job_name, state, started_at, ended_at, duration, pipeline_run_id,
    parent_run_id, root_run_id, nominal_start_time, nominal_end_time, error_message, is_dag_run,
    dag_id, airflow_run_id, task_id, map_index, try_number, first_event_at, last_event_at
FROM lineage_store.pipeline_members;
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

CREATE OR REPLACE VIEW lineage.quality_checks AS
SELECT
    coalesce(run.run_id, run.id::text) AS run_id,
    job.namespace AS job_namespace, job.name AS job_name,
    dataset.namespace, dataset.name,
    quality.assertion, quality.column_name, quality.success, quality.severity, quality.event_time
FROM lineage_store.quality_checks AS quality
JOIN lineage_store.runs AS run ON run.id = quality.run_id
JOIN lineage_store.jobs AS job ON job.id = quality.job_id
LEFT JOIN lineage_store.datasets AS dataset ON dataset.id = quality.dataset_id;
COMMENT ON VIEW lineage.quality_checks IS 'What checks found: facet dataQualityAssertions of datasets, facet test of runs. Of one check of a run the latest result.';
COMMENT ON COLUMN lineage.quality_checks.run_id IS 'The run that checked.';
COMMENT ON COLUMN lineage.quality_checks.job_namespace IS 'Namespace of its job.';
COMMENT ON COLUMN lineage.quality_checks.job_name IS 'Name of its job.';
COMMENT ON COLUMN lineage.quality_checks.namespace IS 'Namespace of the dataset that was checked; null where a run''s facet test names none.';
COMMENT ON COLUMN lineage.quality_checks.name IS 'Name of that dataset.';
COMMENT ON COLUMN lineage.quality_checks.assertion IS 'What was checked: not_null, unique, ..., or the name of the test.';
COMMENT ON COLUMN lineage.quality_checks.column_name IS 'The column (the facet''s member column); null where it is about the whole dataset.';
COMMENT ON COLUMN lineage.quality_checks.success IS 'Whether it held; null where it was skipped.';
COMMENT ON COLUMN lineage.quality_checks.severity IS 'error, warn, ..., as the producer wrote it.';
COMMENT ON COLUMN lineage.quality_checks.event_time IS 'eventTime of the event that says so.';
