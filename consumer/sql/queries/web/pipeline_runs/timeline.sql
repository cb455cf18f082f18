-- All runs of a pipeline run, in the order in which they began.
SELECT
    step.run_id, step.job_namespace, step.job_name, step.parent_run_id, step.state,
    step.begin_at AS started_at, step.end_at AS ended_at,
    extract(epoch FROM step.duration)::float8 AS seconds, run.dag_id, run.is_dag_run, run.task_id,
    run.map_index, run.try_number, run.error_message AS error
FROM lineage.run_timeline(%(pipeline_run_id)s) AS step
JOIN lineage.runs AS run ON run.run_id = step.run_id
ORDER BY step.begin_at, step.run_id
LIMIT %(limit)s
