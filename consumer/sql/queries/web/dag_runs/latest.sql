-- The latest DAG runs, those that failed first; of each the task that failed last and why.
WITH chosen AS MATERIALIZED (
    SELECT run_id FROM lineage_api.latest_dag_runs(%(dag_id)s, %(limit)s)
),
latest AS MATERIALIZED (
    SELECT run.*
    FROM chosen
    CROSS JOIN LATERAL (
        SELECT * FROM lineage.dag_runs AS known WHERE known.run_id = chosen.run_id OFFSET 0
    ) AS run
)
SELECT
    latest.run_id, latest.job_namespace, latest.dag_id, latest.airflow_run_id, latest.state,
    latest.pipeline_run_id, coalesce(latest.started_at, latest.first_event_at) AS started_at,
    latest.ended_at, extract(epoch FROM latest.duration)::float8 AS seconds,
    latest.tasks, latest.failed_tasks, latest.silent_tasks, failed.task_id AS failed_task,
    coalesce(failed.error_message, latest.error_message) AS error
FROM latest
LEFT JOIN LATERAL (
    SELECT task.task_id, run.error_message
    FROM (
        SELECT task.task_id, task.run_id
        FROM lineage.task_runs AS task
        WHERE latest.failed_tasks > 0 AND task.dag_run_id = latest.run_id
          AND task.state = 'failed'
        ORDER BY task.ended_at DESC NULLS LAST, task.task_id
        LIMIT 1
    ) AS task
    LEFT JOIN LATERAL (
        SELECT known.error_message FROM lineage.runs AS known
        WHERE known.run_id = task.run_id OFFSET 0
    ) AS run ON true
) AS failed ON true
ORDER BY latest.state = 'FAIL' DESC NULLS LAST, latest.first_event_at DESC NULLS LAST
