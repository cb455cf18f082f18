-- Set the columns of runs that come from their facets as they stand; the runs whose family
-- must be asked again which pipeline run it belongs to.
WITH facet AS (
    SELECT facet.owner_id AS run_id, facet.name, stored.value
    FROM lineage_store.facets AS facet
    JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash
    WHERE facet.owner = 'run' AND facet.owner_id = ANY (%(ids)b::bigint[])
      AND facet.name IN (
          'parent', 'nominalTime', 'errorMessage', 'airflow', 'airflowDagRun', 'tags',
          'pipeline_run_id', 'openlineageAvro_pipelineRun'
      )
),
said AS (
    SELECT
        run_id,
        max(lineage_store.string_at(value, 'run', 'runId'))
            FILTER (WHERE name = 'parent') AS parent_run,
        max(lineage_store.string_at(value, 'root', 'run', 'runId'))
            FILTER (WHERE name = 'parent') AS root_run,
        max(lineage_store.time_at(value, 'nominalStartTime'))
            FILTER (WHERE name = 'nominalTime') AS nominal_start_time,
        max(lineage_store.time_at(value, 'nominalEndTime'))
            FILTER (WHERE name = 'nominalTime') AS nominal_end_time,
        max(lineage_store.text_at(value, 'message'))
            FILTER (WHERE name = 'errorMessage') AS error_message,
        coalesce(
            max(lineage_store.text_at(value, 'dag', 'dag_id')) FILTER (WHERE name = 'airflow'),
            max(coalesce(lineage_store.text_at(value, 'dagRun', 'dag_id'),
                         lineage_store.text_at(value, 'dag', 'dag_id')))
                FILTER (WHERE name = 'airflowDagRun')
        ) AS dag_id,
        coalesce(
            max(lineage_store.text_at(value, 'dagRun', 'run_id')) FILTER (WHERE name = 'airflow'),
            max(lineage_store.text_at(value, 'dagRun', 'run_id'))
                FILTER (WHERE name = 'airflowDagRun')
        ) AS airflow_run_id,
        max(lineage_store.text_at(value, 'task', 'task_id'))
            FILTER (WHERE name = 'airflow') AS task_id,
        max(lineage_store.integer_at(value, 'taskInstance', 'map_index'))
            FILTER (WHERE name = 'airflow') AS map_index,
        max(lineage_store.integer_at(value, 'taskInstance', 'try_number'))
            FILTER (WHERE name = 'airflow') AS try_number,
        coalesce(
            max(lineage_store.id_at(value, 'pipelineRunId'))
                FILTER (WHERE name = 'openlineageAvro_pipelineRun'),
            max(lineage_store.id_at(value, 'pipeline_run_id'))
                FILTER (WHERE name = 'pipeline_run_id'),
            max(lineage_store.id_at(value, 'dagRun', 'conf', 'pipeline_run_id'))
                FILTER (WHERE name = 'airflowDagRun'),
            max(lineage_store.id_at(value, 'dagRun', 'conf', 'pipeline_run_id'))
                FILTER (WHERE name = 'airflow'),
            max(lineage_store.tag(value, 'pipeline_run_id')) FILTER (WHERE name = 'tags')
        ) AS own_pipeline_run_id
    FROM facet GROUP BY run_id
),
change AS (
    SELECT said.*, parent.id AS parent_run_id, root.id AS root_run_id
    FROM said
    LEFT JOIN lineage_store.runs AS parent ON parent.run_id = said.parent_run
    LEFT JOIN lineage_store.runs AS root ON root.run_id = said.root_run
)
UPDATE lineage_store.runs AS run
SET parent_run_id = change.parent_run_id,
    root_run_id = change.root_run_id,
    nominal_start_time = change.nominal_start_time,
    nominal_end_time = change.nominal_end_time,
    error_message = change.error_message,
    dag_id = change.dag_id,
    airflow_run_id = change.airflow_run_id,
    task_id = change.task_id,
    map_index = change.map_index,
    try_number = change.try_number,
    own_pipeline_run_id = change.own_pipeline_run_id
FROM change
JOIN lineage_store.runs AS before ON before.id = change.run_id
WHERE run.id = change.run_id
RETURNING run.id, before.parent_run_id,
    before.parent_run_id IS DISTINCT FROM run.parent_run_id
    OR before.own_pipeline_run_id IS DISTINCT FROM run.own_pipeline_run_id
