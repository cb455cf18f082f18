-- What a batch says of the tasks of its DAG runs: of task graphs the greatest, of their states the latest.
INSERT INTO lineage_store.dag_runs AS known (
    run_id, task_graph, tasks, tasks_event_at, tasks_event_hash
)
SELECT run_id, task_graph, tasks::jsonb, tasks_event_at, tasks_event_hash
FROM unnest(
    %(run_id)b::uuid[], %(task_graph)b::uuid[], %(tasks)b::text[],
    %(tasks_event_at)b::timestamptz[], %(tasks_event_hash)b::uuid[]
) AS batch (run_id, task_graph, tasks, tasks_event_at, tasks_event_hash)
ON CONFLICT (run_id) DO UPDATE
SET task_graph = CASE
        WHEN known.task_graph > excluded.task_graph THEN known.task_graph
        ELSE coalesce(excluded.task_graph, known.task_graph)
    END,
    (tasks, tasks_event_at, tasks_event_hash) = (
        SELECT tasks, at, hash
        FROM (VALUES
            (known.tasks, known.tasks_event_at, known.tasks_event_hash),
            (excluded.tasks, excluded.tasks_event_at, excluded.tasks_event_hash)
        ) AS said (tasks, at, hash)
        ORDER BY at DESC NULLS LAST, hash DESC
        LIMIT 1
    )
