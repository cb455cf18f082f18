-- What a batch's events say of their runs (job_rank 2), of the runs' parents (1) and roots (0),
-- merged into what is known. A terminal state beats any other; among terminal states the later
-- holds, and at the same instant FAIL beats ABORT beats COMPLETE. Returned: each run, and whether
-- its first event is another now.
WITH batch AS (
    SELECT * FROM unnest(
        %(run_id)b::bigint[], %(job_rank)b::smallint[], %(job_id)b::bigint[],
        %(event_time)b::timestamptz[], %(event_hash)b::uuid[], %(event_type)b::text[],
        %(is_dag_run)b::boolean[], %(task_graph)b::uuid[]
    ) AS claim (
        run_id, job_rank, job_id, event_time, event_hash, event_type, is_dag_run, task_graph
    )
),
known AS (
    SELECT * FROM lineage_store.runs WHERE id IN (SELECT run_id FROM batch)
),
job AS (
    SELECT DISTINCT ON (run_id) *
    FROM (
        SELECT run_id, job_rank, job_id, event_time, event_hash FROM batch
        UNION ALL
        SELECT id, job_rank, job_id, job_event_time, job_event_hash
        FROM known WHERE job_id IS NOT NULL
    ) AS claim
    ORDER BY run_id, job_rank DESC, event_time DESC, event_hash DESC
),
ending AS (
    SELECT DISTINCT ON (run_id) *
    FROM (
        SELECT run_id, event_time AS ended_at, event_type AS end_state FROM batch
        WHERE job_rank = 2 AND event_type IN ('COMPLETE', 'ABORT', 'FAIL')
        UNION ALL
        SELECT id, ended_at, end_state FROM known WHERE end_state IS NOT NULL
    ) AS claim
    ORDER BY run_id, ended_at DESC, array_position(ARRAY['FAIL', 'ABORT', 'COMPLETE'], end_state)
),
rest AS (
    SELECT
        run_id,
        min(event_time) FILTER (WHERE job_rank = 2) AS first_event_at,
        max(event_time) FILTER (WHERE job_rank = 2) AS last_event_at,
        min(event_time) FILTER (WHERE job_rank = 2 AND event_type = 'START') AS started_at,
        bool_or(job_rank = 2 AND event_type IN ('START', 'RUNNING')) AS is_running,
        bool_or(is_dag_run) AS is_dag_run,
        max(task_graph::text)::uuid AS task_graph
    FROM batch GROUP BY run_id
)
UPDATE lineage_store.runs AS run
SET job_id = job.job_id,
    job_rank = job.job_rank,
    job_event_time = job.event_time,
    job_event_hash = job.event_hash,
    first_event_at = least(run.first_event_at, rest.first_event_at),
    last_event_at = greatest(run.last_event_at, rest.last_event_at),
    started_at = least(run.started_at, rest.started_at),
    ended_at = ending.ended_at,
    end_state = ending.end_state,
    is_running = run.is_running OR coalesce(rest.is_running, false),
    is_dag_run = run.is_dag_run OR rest.is_dag_run,
    task_graph = greatest(run.task_graph, rest.task_graph)
FROM rest
JOIN job ON job.run_id = rest.run_id
JOIN known ON known.id = rest.run_id
LEFT JOIN ending ON ending.run_id = rest.run_id
WHERE run.id = rest.run_id
RETURNING run.id, known.first_event_at IS DISTINCT FROM run.first_event_at
