-- What a batch says of each of its runs, merged into what is known, as RunRow.merge does
-- (consumer/rows/runs.py). Returned: what decides about pipeline runs.
INSERT INTO lineage_store.runs AS known (
    id, run_id, job_id, job_rank, first_event_at, last_event_at, started_at, ended_at,
    end_state, is_running, is_dag_run, parent_run_id, root_run_id, parent_event_at,
    upstream_run_id, nominal_start_time, nominal_end_time, error_event_at, error_message,
    pipeline_rank, pipeline_event_at, pipeline_run_id, dag_id, airflow_run_id, task_id,
    map_index, try_number, task_settings
)
SELECT * FROM unnest(
    %(id)b::uuid[], %(run_id)b::text[], %(job_id)b::bigint[], %(job_rank)b::smallint[],
    %(first_event_at)b::timestamptz[], %(last_event_at)b::timestamptz[],
    %(started_at)b::timestamptz[], %(ended_at)b::timestamptz[], %(end_state)b::text[],
    %(is_running)b::boolean[], %(is_dag_run)b::boolean[], %(parent_run_id)b::uuid[],
    %(root_run_id)b::uuid[], %(parent_event_at)b::timestamptz[], %(upstream_run_id)b::uuid[],
    %(nominal_start_time)b::timestamptz[], %(nominal_end_time)b::timestamptz[],
    %(error_event_at)b::timestamptz[], %(error_message)b::text[],
    %(pipeline_rank)b::smallint[], %(pipeline_event_at)b::timestamptz[],
    %(pipeline_run_id)b::text[], %(dag_id)b::text[], %(airflow_run_id)b::text[],
    %(task_id)b::text[], %(map_index)b::integer[], %(try_number)b::integer[],
    %(task_settings)b::uuid[]
)
ON CONFLICT (id) DO UPDATE
SET job_id = CASE
        WHEN known.job_id IS NOT DISTINCT FROM excluded.job_id THEN known.job_id
        WHEN known.job_rank <> excluded.job_rank
            THEN CASE WHEN known.job_rank > excluded.job_rank THEN known.job_id ELSE excluded.job_id END
        WHEN known.last_event_at <> excluded.last_event_at
            THEN CASE WHEN known.last_event_at > excluded.last_event_at THEN known.job_id ELSE excluded.job_id END
        ELSE lineage_store.greater_job(known.job_id, excluded.job_id)
    END,
    job_rank = greatest(known.job_rank, excluded.job_rank),
    first_event_at = least(known.first_event_at, excluded.first_event_at),
    last_event_at = greatest(known.last_event_at, excluded.last_event_at),
    started_at = least(known.started_at, excluded.started_at),
    (ended_at, end_state) = (
        SELECT ended_at, end_state
        FROM (VALUES (known.ended_at, known.end_state), (excluded.ended_at, excluded.end_state))
            AS ending (ended_at, end_state)
        ORDER BY ended_at DESC NULLS LAST,
            array_position(ARRAY['FAIL', 'ABORT', 'COMPLETE'], end_state)
        LIMIT 1
    ),
    is_running = known.is_running OR excluded.is_running,
    is_dag_run = known.is_dag_run OR excluded.is_dag_run,
    (parent_event_at, parent_run_id, root_run_id) = (
        SELECT at, parent_id, root_id
        FROM (VALUES
            (known.parent_event_at, known.parent_run_id, known.root_run_id),
            (excluded.parent_event_at, excluded.parent_run_id, excluded.root_run_id)
        ) AS named (at, parent_id, root_id)
        ORDER BY at DESC NULLS LAST, parent_id DESC, root_id DESC NULLS LAST
        LIMIT 1
    ),
    upstream_run_id = CASE
        WHEN known.upstream_run_id > excluded.upstream_run_id THEN known.upstream_run_id
        ELSE coalesce(excluded.upstream_run_id, known.upstream_run_id)
    END,
    nominal_start_time = greatest(known.nominal_start_time, excluded.nominal_start_time),
    nominal_end_time = greatest(known.nominal_end_time, excluded.nominal_end_time),
    (error_event_at, error_message) = (
        SELECT at, message
        FROM (VALUES
            (known.error_event_at, known.error_message),
            (excluded.error_event_at, excluded.error_message)
        ) AS error (at, message)
        ORDER BY at DESC NULLS LAST, message COLLATE "C" DESC
        LIMIT 1
    ),
    (pipeline_rank, pipeline_event_at, pipeline_run_id) = (
        SELECT rank, at, pipeline
        FROM (VALUES
            (known.pipeline_rank, known.pipeline_event_at, known.pipeline_run_id),
            (excluded.pipeline_rank, excluded.pipeline_event_at, excluded.pipeline_run_id)
        ) AS named (rank, at, pipeline)
        ORDER BY rank DESC NULLS LAST, at DESC, pipeline COLLATE "C" DESC
        LIMIT 1
    ),
    dag_id = greatest(known.dag_id COLLATE "C", excluded.dag_id),
    airflow_run_id = greatest(known.airflow_run_id COLLATE "C", excluded.airflow_run_id),
    task_id = greatest(known.task_id COLLATE "C", excluded.task_id),
    map_index = greatest(known.map_index, excluded.map_index),
    try_number = greatest(known.try_number, excluded.try_number),
    task_settings = greatest(known.task_settings, excluded.task_settings)
RETURNING id, coalesce(parent_run_id, upstream_run_id), pipeline_run_id, first_event_at
