-- Every try of every task of a DAG run, with its error in full.
SELECT
    run.run_id, run.task_id, run.map_index, run.try_number, run.state,
    coalesce(run.started_at, run.first_event_at) AS started_at, run.ended_at,
    coalesce(error.facet ->> 'message', run.error_message) AS error,
    error.facet ->> 'stackTrace' AS stack_trace
FROM lineage.runs AS run
LEFT JOIN lineage.run_facets AS error
    ON error.run_id = run.run_id AND error.name = 'errorMessage' AND run.error_message IS NOT NULL
WHERE run.run_id = ANY (%(run_ids)s)
ORDER BY run.first_event_at, run.run_id
