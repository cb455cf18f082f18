-- Runs with what others say of them: their job, their parent, their pipeline run.

CREATE OR REPLACE VIEW lineage_store.described_runs AS
SELECT
    run.id,
    lineage_store.run_id(run) AS run_id,
    job.namespace AS job_namespace,
    job.name AS job_name,
    lineage_store.state(run) AS state,
    run.started_at,
    run.ended_at,
    run.ended_at - run.started_at AS duration,
    lineage_store.run_id(parent) AS parent_run_id,
    lineage_store.run_id(root) AS root_run_id,
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
