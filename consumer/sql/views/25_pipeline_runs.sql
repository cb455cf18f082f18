-- Pipeline runs: all runs that share a pipeline_run_id.

CREATE OR REPLACE VIEW lineage.pipeline_runs AS
SELECT
    member.pipeline_run_id, member.runs, member.dag_runs, member.failed_runs, member.running_runs,
    member.first_event_at, member.last_event_at,
    member.last_event_at - member.first_event_at AS duration,
    (
        SELECT CASE
            WHEN bool_or(top.state = 'RUNNING') THEN 'RUNNING'
            WHEN bool_or(top.state = 'FAIL') THEN 'FAIL'
            WHEN bool_or(top.state = 'ABORT') THEN 'ABORT'
            WHEN bool_or(top.state = 'COMPLETE') THEN 'COMPLETE'
            ELSE max(top.state)
        END
        FROM (
            -- Of the tries of a task the last one.
            SELECT DISTINCT ON (coalesce(run.task_id, run.id::text), run.map_index, run.parent_run_id)
                lineage_store.state(run) AS state
            FROM lineage_store.runs AS run
            LEFT JOIN lineage_store.runs AS parent
                ON parent.id = run.parent_run_id AND parent.id <> run.id
               AND parent.id = ANY (member.ids)
            WHERE run.id = ANY (member.ids) AND parent.first_event_at IS NULL
              AND run.first_event_at IS NOT NULL
            ORDER BY
                coalesce(run.task_id, run.id::text), run.map_index, run.parent_run_id,
                run.try_number DESC NULLS LAST
        ) AS top
    ) AS state,
    member.dag_ids,
    (
        SELECT array_agg(name ORDER BY name COLLATE "C")
        FROM (
            SELECT DISTINCT dataset.namespace || ':' || dataset.name AS name
            FROM lineage_store.run_io AS io
            JOIN lineage_store.datasets AS dataset ON dataset.id = io.dataset_id
            WHERE io.run_id = ANY (member.ids) AND NOT io.is_output
        ) AS input
    ) AS inputs,
    (
        SELECT array_agg(name ORDER BY name COLLATE "C")
        FROM (
            SELECT DISTINCT dataset.namespace || ':' || dataset.name AS name
            FROM lineage_store.run_io AS io
            JOIN lineage_store.datasets AS dataset ON dataset.id = io.dataset_id
            WHERE io.run_id = ANY (member.ids) AND io.is_output
        ) AS output
    ) AS outputs
FROM (
    SELECT
        run.pipeline_run_id,
        count(*) AS runs,
        count(*) FILTER (WHERE run.is_dag_run) AS dag_runs,
        count(*) FILTER (WHERE run.state = 'FAIL') AS failed_runs,
        count(*) FILTER (WHERE run.state = 'RUNNING') AS running_runs,
        min(run.first_event_at) AS first_event_at,
        max(run.last_event_at) AS last_event_at,
        array_agg(DISTINCT run.dag_id COLLATE "C") FILTER (WHERE run.dag_id IS NOT NULL) AS dag_ids,
        array_agg(run.id) AS ids
    FROM lineage_store.pipeline_members AS run
    WHERE run.pipeline_run_id IS NOT NULL
    GROUP BY run.pipeline_run_id
) AS member;
COMMENT ON VIEW lineage.pipeline_runs IS 'Every pipeline_run_id and what became of its runs.';
COMMENT ON COLUMN lineage.pipeline_runs.pipeline_run_id IS 'The id, as text; often but not always a UUID.';
COMMENT ON COLUMN lineage.pipeline_runs.runs IS 'Runs of all kinds.';
COMMENT ON COLUMN lineage.pipeline_runs.dag_runs IS 'Airflow DAG runs among them.';
COMMENT ON COLUMN lineage.pipeline_runs.failed_runs IS 'Runs in state FAIL; a failed try that was retried counts.';
COMMENT ON COLUMN lineage.pipeline_runs.running_runs IS 'Runs in state RUNNING.';
COMMENT ON COLUMN lineage.pipeline_runs.first_event_at IS 'Earliest eventTime.';
COMMENT ON COLUMN lineage.pipeline_runs.last_event_at IS 'Latest eventTime.';
COMMENT ON COLUMN lineage.pipeline_runs.duration IS 'last_event_at - first_event_at.';
COMMENT ON COLUMN lineage.pipeline_runs.state IS 'In the words of lineage.runs, of its topmost runs (in Airflow the DAG runs): RUNNING if any runs, else FAIL if any failed, else ABORT, else COMPLETE. Where no event of a topmost run came, the runs below it count; earlier tries of a task do not.';
COMMENT ON COLUMN lineage.pipeline_runs.dag_ids IS 'The DAGs, by dag_id.';
COMMENT ON COLUMN lineage.pipeline_runs.inputs IS 'Datasets that any of its runs read, as namespace:name; null if none.';
COMMENT ON COLUMN lineage.pipeline_runs.outputs IS 'Datasets that any of its runs wrote, as namespace:name; null if none.';
