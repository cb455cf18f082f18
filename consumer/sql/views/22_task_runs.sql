-- Task instances of DAG runs: what their own events say, and what the DAG run's facet airflowState
-- says of those whose events are missing.

-- airflowState has one state for each task_id. Of a mapped task it is that of any one instance: an
-- instance takes it only where none of the others is known to have it.
CREATE OR REPLACE VIEW lineage_store.task_instances AS
SELECT
    dag_run.id AS dag_run_id, lineage_store.run_id(dag_run) AS dag_run_name, dag_run.dag_id,
    dag_run.airflow_run_id, dag_run.job_id, said.task_graph, task.*,
    CASE WHEN task.is_by_airflow THEN task.airflow_state ELSE task.own_state END AS state,
    coalesce(task.ended_at - task.started_at, make_interval(secs => task.airflow_seconds))
        AS duration
FROM lineage_store.runs AS dag_run
LEFT JOIN lineage_store.dag_runs AS said ON said.run_id = dag_run.id
CROSS JOIN LATERAL (
    SELECT
        coalesce(own.task_id, airflow.task_id) AS task_id, own.map_index, own.tries, own.id,
        own.run_id, own.run_state, own.task_settings,
        own.end_state, own.started_at, own.ended_at, own.first_event_at, own.last_event_at,
        own.state AS own_state, airflow.state AS airflow_state, is_by_airflow,
        CASE WHEN is_by_airflow OR (own.ended_at IS NOT NULL AND own.map_index IS NULL)
             THEN airflow.seconds END AS airflow_seconds
    FROM (
        SELECT
            last_try.*,
            array_agg(last_try.state) FILTER (WHERE last_try.end_state IS NOT NULL)
                OVER (PARTITION BY last_try.task_id) AS end_states
        FROM (
            SELECT DISTINCT ON (try.task_id, try.map_index)
                try.task_id, try.map_index, try.id, try.end_state, try.started_at, try.ended_at,
                try.first_event_at, try.last_event_at,
                lineage_store.run_id(try) AS run_id, lineage_store.state(try) AS run_state,
                try.task_settings,
                CASE lineage_store.state(try)
                    WHEN 'COMPLETE' THEN 'success'
                    WHEN 'FAIL' THEN 'failed'
                    WHEN 'ABORT' THEN 'failed'
                    WHEN 'RUNNING' THEN 'running'
                END AS state,
                count(*) OVER (PARTITION BY try.task_id, try.map_index) AS tries
            FROM lineage_store.runs AS try
            WHERE coalesce(try.parent_run_id, try.upstream_run_id, try.id) = dag_run.id
              AND try.parent_run_id = dag_run.id AND try.task_id IS NOT NULL
            ORDER BY
                try.task_id, try.map_index, try.try_number DESC NULLS LAST,
                try.last_event_at DESC, try.id DESC
        ) AS last_try
    ) AS own
    FULL JOIN (
        SELECT
            key AS task_id, lineage_store.text_at(value, '0') AS state,
            CASE WHEN jsonb_typeof(value -> 1) = 'number'
                  AND (value -> 1)::numeric BETWEEN 0 AND 1000000000
                 THEN (value -> 1)::float8 END AS seconds
        FROM jsonb_each(said.tasks)
    ) AS airflow ON airflow.task_id = own.task_id
    CROSS JOIN LATERAL (
        SELECT coalesce(
            airflow.state IN ('success', 'failed', 'skipped', 'upstream_failed', 'removed')
            AND airflow.state IS DISTINCT FROM own.state
            AND (own.id IS NULL OR (
                said.tasks_event_at >= own.last_event_at
                AND (own.map_index IS NULL OR (
                    own.end_state IS NULL
                    AND airflow.state <> ALL (coalesce(own.end_states, '{}'))
                ))
            ))
            OR own.id IS NULL,
            false
        ) AS is_by_airflow
    ) AS decision
) AS task
WHERE dag_run.is_dag_run;

CREATE OR REPLACE VIEW lineage.task_runs AS
SELECT
    job.namespace AS job_namespace, coalesce(task.dag_id, job.name) AS dag_id,
    task.airflow_run_id, task.task_id, task.map_index, coalesce(task.tries, 0) AS tries,
    task.state, task.started_at, task.ended_at, task.duration,
    coalesce(
        settings.operator_class_path,
        -- Looked for after any join, sort and limit of who asks.
        (
            SELECT max(node.operator)
            FROM lineage_store.task_graph_nodes AS node
            WHERE node.value_hash = task.task_graph AND node.kind = 'task'
              AND left(node.node_id, 250) = left(task.task_id, 250)
              AND node.node_id = task.task_id
        ),
        settings.operator_class
    ) AS operator,
    settings.queue, settings.pool, task.run_id, task.dag_run_name AS dag_run_id,
    CASE WHEN task.is_by_airflow THEN 'airflowState' ELSE 'own events' END AS state_source,
    task.run_state, task.airflow_state, task.first_event_at, task.last_event_at
FROM lineage_store.task_instances AS task
LEFT JOIN lineage_store.task_settings AS settings ON settings.hash = task.task_settings
-- OFFSET 0: by its key, not by reading all jobs for the few that there are.
LEFT JOIN LATERAL (
    SELECT known.namespace, known.name FROM lineage_store.jobs AS known
    WHERE known.id = task.job_id OFFSET 0
) AS job ON true;
COMMENT ON VIEW lineage.task_runs IS 'Every task instance of every DAG run, once whatever its tries; each mapped instance is one. Also those that sent nothing and are known from facet airflowState of the DAG run.';
COMMENT ON COLUMN lineage.task_runs.job_namespace IS 'Namespace of the DAG''s job.';
COMMENT ON COLUMN lineage.task_runs.dag_id IS 'Airflow dag_id.';
COMMENT ON COLUMN lineage.task_runs.airflow_run_id IS 'Airflow run_id of the DAG run.';
COMMENT ON COLUMN lineage.task_runs.task_id IS 'Airflow task_id.';
COMMENT ON COLUMN lineage.task_runs.map_index IS 'Airflow map_index of a mapped task; null for others. Instances of a mapped task that sent nothing are not told apart: together they are one row without it.';
COMMENT ON COLUMN lineage.task_runs.tries IS 'Tries that sent events; each is a run of its own in lineage.runs.';
COMMENT ON COLUMN lineage.task_runs.state IS 'In Airflow''s words: success, failed, running; from airflowState also skipped, upstream_failed, removed and others.';
COMMENT ON COLUMN lineage.task_runs.started_at IS 'Start of the last try.';
COMMENT ON COLUMN lineage.task_runs.ended_at IS 'End of the last try, by its own events.';
COMMENT ON COLUMN lineage.task_runs.duration IS 'ended_at - started_at; where one is missing, the duration in airflowState.';
COMMENT ON COLUMN lineage.task_runs.operator IS 'Class of the operator: run facet airflow, else the DAG''s task graph.';
COMMENT ON COLUMN lineage.task_runs.queue IS 'Queue, of run facet airflow.';
COMMENT ON COLUMN lineage.task_runs.pool IS 'Pool, of run facet airflow; Airflow 3 does not send it.';
COMMENT ON COLUMN lineage.task_runs.run_id IS 'OpenLineage runId of the last try; null where the task sent nothing.';
COMMENT ON COLUMN lineage.task_runs.dag_run_id IS 'OpenLineage runId of the DAG run.';
COMMENT ON COLUMN lineage.task_runs.state_source IS 'Where state is from: own events of the last try, or airflowState of the DAG run''s latest event that has it. That one counts where the task sent no end (its process was killed), sent nothing at all, or is said to be something else afterwards (its own events do not tell success from skipped).';
COMMENT ON COLUMN lineage.task_runs.run_state IS 'State of the last try in OpenLineage''s words, as in lineage.runs.';
COMMENT ON COLUMN lineage.task_runs.airflow_state IS 'What airflowState says; of a mapped task it is the state of any one instance.';
COMMENT ON COLUMN lineage.task_runs.first_event_at IS 'Earliest eventTime of the last try.';
COMMENT ON COLUMN lineage.task_runs.last_event_at IS 'Latest eventTime of the last try.';
