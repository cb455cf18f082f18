-- DAG runs, and what is missing of them.

CREATE OR REPLACE VIEW lineage.dag_runs AS
SELECT
    run.run_id, run.job_namespace, run.dag_id, run.own_airflow_run_id AS airflow_run_id, run.state,
    run.pipeline_run_id, run.started_at, run.ended_at, run.duration,
    task.tasks, task.failed_tasks, task.tries,
    run.nominal_start_time, run.nominal_end_time, run.error_message,
    said.task_graph AS task_graph_id,
    task.silent_tasks, run.first_event_at, run.last_event_at
FROM lineage_store.pipeline_members AS run
LEFT JOIN lineage_store.dag_runs AS said ON said.run_id = run.id
LEFT JOIN LATERAL (
    SELECT
        count(instance.id) AS tasks,
        count(*) FILTER (WHERE instance.state = 'failed') AS failed_tasks,
        coalesce(sum(instance.tries), 0)::bigint AS tries,
        count(*) FILTER (WHERE instance.id IS NULL) AS silent_tasks
    FROM lineage_store.task_instances AS instance
    WHERE instance.dag_run_id = run.id
) AS task ON true
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
COMMENT ON COLUMN lineage.dag_runs.failed_tasks IS 'Those in state failed in lineage.task_runs: also a task that was killed and could not say so.';
COMMENT ON COLUMN lineage.dag_runs.tries IS 'Runs of those tasks, tries included.';
COMMENT ON COLUMN lineage.dag_runs.nominal_start_time IS 'Facet nominalTime.';
COMMENT ON COLUMN lineage.dag_runs.nominal_end_time IS 'Facet nominalTime.';
COMMENT ON COLUMN lineage.dag_runs.error_message IS 'Facet errorMessage.';
COMMENT ON COLUMN lineage.dag_runs.task_graph_id IS 'Version of the DAG''s task graph that the run started with.';
COMMENT ON COLUMN lineage.dag_runs.silent_tasks IS 'Tasks that sent no event and are known from airflowState: skipped, upstream_failed, empty, or their events are missing.';
COMMENT ON COLUMN lineage.dag_runs.first_event_at IS 'Earliest eventTime of the DAG run''s own events.';
COMMENT ON COLUMN lineage.dag_runs.last_event_at IS 'Latest eventTime of the DAG run''s own events.';

-- What should have come and did not, in three parts. A DAG run of which nothing is known cannot be
-- told. That a run began and nothing says that it ended is only missing after a while, unless
-- Airflow says that it ended.
CREATE OR REPLACE VIEW lineage_store.unended_runs AS
SELECT
    run.id, run.run_id, run.job_namespace, run.job_name, run.dag_id, run.airflow_run_id,
    run.task_id, run.map_index, ended.airflow_state, run.last_event_at AS since,
    stored.first_event_at
FROM lineage_store.runs AS stored
JOIN lineage_store.described_runs AS run ON run.id = stored.id
LEFT JOIN LATERAL (
    SELECT max(task.airflow_state) AS airflow_state
    FROM lineage_store.task_instances AS task
    WHERE task.dag_run_id = stored.parent_run_id AND task.id = stored.id
      AND task.is_by_airflow AND stored.task_id IS NOT NULL
) AS ended ON true
WHERE stored.end_state IS NULL AND stored.is_running;

CREATE OR REPLACE VIEW lineage_store.missing_tasks AS
SELECT
    dag_run.id, job.namespace AS job_namespace, job.name || '.' || task.task_id AS job_name,
    coalesce(dag_run.dag_id, job.name) AS dag_id, dag_run.airflow_run_id, task.task_id,
    task.airflow_state, said.tasks_event_at AS since, dag_run.first_event_at
FROM lineage_store.dag_runs AS said
JOIN lineage_store.runs AS dag_run ON dag_run.id = said.run_id
LEFT JOIN lineage_store.jobs AS job ON job.id = dag_run.job_id
JOIN lineage_store.task_instances AS task
    ON task.dag_run_id = dag_run.id AND task.id IS NULL
   AND task.airflow_state IN ('success', 'failed')
-- OFFSET 0: by its key, not among all nodes of the graph.
LEFT JOIN LATERAL (
    SELECT known.emits_ol_events
    FROM lineage_store.task_graph_nodes AS known
    WHERE known.value_hash = said.task_graph AND known.kind = 'task'
      AND left(known.node_id, 250) = left(task.task_id, 250) AND known.node_id = task.task_id
    OFFSET 0
) AS node ON true
-- A task that needs no process (an empty one) takes no time and sends nothing.
WHERE said.tasks IS NOT NULL
  AND coalesce(node.emits_ol_events, task.airflow_state = 'failed' OR task.duration > '0');

CREATE OR REPLACE VIEW lineage_store.dag_runs_without_tasks AS
SELECT
    run.id, run.run_id, run.job_namespace, run.job_name, run.dag_id, run.airflow_run_id,
    run.ended_at, run.last_event_at AS since, run.first_event_at
FROM lineage_store.described_runs AS run
LEFT JOIN lineage_store.dag_runs AS said ON said.run_id = run.id
WHERE run.is_dag_run
  AND NOT EXISTS (
      SELECT FROM lineage_store.task_instances AS task
      WHERE task.dag_run_id = run.id AND task.id IS NOT NULL
  )
  AND CASE
      WHEN said.tasks IS NOT NULL THEN EXISTS (
          SELECT FROM lineage_store.task_instances AS task
          WHERE task.dag_run_id = run.id
            AND (task.airflow_state = 'failed' OR task.duration > '0')
      )
      WHEN said.task_graph IS NOT NULL THEN EXISTS (
          SELECT FROM lineage_store.task_graph_nodes AS node
          WHERE node.value_hash = said.task_graph AND node.kind = 'task'
            AND node.emits_ol_events IS DISTINCT FROM false
      )
      ELSE true
  END;

CREATE OR REPLACE FUNCTION lineage.missing_events(
    older_than interval DEFAULT '1 day', begun_since timestamptz DEFAULT '-infinity'
)
RETURNS TABLE (
    missing text, run_id text, job_namespace text, job_name text, dag_id text,
    airflow_run_id text, task_id text, map_index integer, airflow_state text, since timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT
        'end', run.run_id, run.job_namespace, run.job_name, run.dag_id, run.airflow_run_id,
        run.task_id, run.map_index, run.airflow_state, run.since
    FROM lineage_store.unended_runs AS run
    WHERE (run.since < now() - older_than OR run.airflow_state IS NOT NULL)
      AND run.first_event_at >= begun_since
    UNION ALL
    SELECT
        'task', NULL, task.job_namespace, task.job_name, task.dag_id, task.airflow_run_id,
        task.task_id, NULL, task.airflow_state, task.since
    FROM lineage_store.missing_tasks AS task
    WHERE task.first_event_at >= begun_since
    UNION ALL
    SELECT
        'tasks', run.run_id, run.job_namespace, run.job_name, run.dag_id, run.airflow_run_id,
        NULL, NULL, NULL, run.since
    FROM lineage_store.dag_runs_without_tasks AS run
    WHERE (run.ended_at IS NOT NULL OR run.since < now() - older_than)
      AND run.first_event_at >= begun_since
$$;
COMMENT ON FUNCTION lineage.missing_events(interval, timestamptz) IS
'Events that should have come: one row for each gap, with what is known of it. missing is end (a run began and nothing says that it ended, for older_than now, or although Airflow says so in airflow_state), task (Airflow says that a task ended in airflow_state, and no event of it came) or tasks (no task of a DAG run that ended, or began longer than older_than ago, sent anything). since is the eventTime of the latest event that came. begun_since leaves out runs and DAG runs that began before: then only the later ones are looked at. Tasks of which no event is to be expected (skipped before they began, upstream_failed, empty operators) are left out.';

CREATE OR REPLACE VIEW lineage.missing_events AS
SELECT * FROM lineage.missing_events();
COMMENT ON VIEW lineage.missing_events IS 'As function lineage.missing_events, with its default: runs without an end count a day after their latest event.';
COMMENT ON COLUMN lineage.missing_events.missing IS 'end (of a run that began), task (all events of a task that Airflow says ended) or tasks (all tasks of a DAG run).';
COMMENT ON COLUMN lineage.missing_events.run_id IS 'The run; null where nothing of it came.';
COMMENT ON COLUMN lineage.missing_events.job_namespace IS 'Namespace of the job.';
COMMENT ON COLUMN lineage.missing_events.job_name IS 'Name of the job.';
COMMENT ON COLUMN lineage.missing_events.dag_id IS 'Airflow dag_id.';
COMMENT ON COLUMN lineage.missing_events.airflow_run_id IS 'Airflow run_id of the DAG run.';
COMMENT ON COLUMN lineage.missing_events.task_id IS 'Airflow task_id.';
COMMENT ON COLUMN lineage.missing_events.map_index IS 'Airflow map_index of a mapped task.';
COMMENT ON COLUMN lineage.missing_events.airflow_state IS 'State that Airflow says the task ended in (airflowState), where it does.';
COMMENT ON COLUMN lineage.missing_events.since IS 'eventTime of the latest event that came.';
