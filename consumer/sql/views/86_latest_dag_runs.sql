-- The latest DAG runs, and what is missing of them, as the web application asks: by indexes, and as
-- far back as it says. Views would be read through.

-- Of one DAG or, where of_dag is null, of all; those that sent no events of their own come last.
CREATE OR REPLACE FUNCTION lineage_store.latest_dag_runs(of_dag text, max_rows integer)
RETURNS SETOF lineage_store.runs LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off AS $$
BEGIN
    RETURN QUERY
    WITH of_all AS (
        (
            SELECT run, run.first_event_at AS at FROM lineage_store.runs AS run
            WHERE of_dag IS NULL AND run.is_dag_run AND run.first_event_at IS NOT NULL
            ORDER BY run.first_event_at DESC LIMIT max_rows
        )
        UNION ALL
        (
            SELECT run, NULL FROM lineage_store.runs AS run
            WHERE of_dag IS NULL AND run.is_dag_run AND run.first_event_at IS NULL LIMIT max_rows
        )
        LIMIT max_rows
    ),
    of_one AS (
        SELECT known.run, known.at
        FROM lineage_store.jobs AS job
        CROSS JOIN LATERAL (
            (
                SELECT run, run.first_event_at AS at FROM lineage_store.runs AS run
                WHERE run.job_id = job.id AND run.is_dag_run AND run.first_event_at IS NOT NULL
                ORDER BY run.first_event_at DESC LIMIT max_rows
            )
            UNION ALL
            (
                SELECT run, NULL FROM lineage_store.runs AS run
                WHERE run.job_id = job.id AND run.is_dag_run AND run.first_event_at IS NULL
                LIMIT max_rows
            )
        ) AS known
        WHERE job.name = of_dag
        ORDER BY known.at DESC NULLS LAST LIMIT max_rows
    )
    SELECT (run).* FROM of_all
    UNION ALL
    SELECT (run).* FROM of_one;
END
$$;

CREATE OR REPLACE FUNCTION lineage_api.latest_dag_runs(of_dag text, max_rows integer)
RETURNS TABLE (run_id text) LANGUAGE sql STABLE AS $$
    SELECT lineage_store.run_id(run) FROM lineage_store.latest_dag_runs(of_dag, max_rows) AS run
$$;

-- As lineage.missing_events, of the latest DAG runs and their tasks alone.
CREATE OR REPLACE FUNCTION lineage_api.latest_missing_events(looked_at integer, max_rows integer)
RETURNS TABLE (
    missing text, run_id text, job_namespace text, job_name text, dag_id text,
    airflow_run_id text, task_id text, airflow_state text, since timestamptz
)
LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
    day_ago timestamptz := now() - interval '1 day';
    dag_runs uuid[] := ARRAY(SELECT id FROM lineage_store.latest_dag_runs(NULL, looked_at));
    -- An index of all runs without an end would make each end of a run dearer to store.
    unended uuid[] := ARRAY(
        SELECT run.id FROM lineage_store.runs AS run
        WHERE (
                run.id = ANY (dag_runs)
                OR coalesce(run.parent_run_id, run.upstream_run_id, run.id) = ANY (dag_runs)
            )
            AND run.end_state IS NULL AND run.is_running
    );
BEGIN
    RETURN QUERY
    SELECT
        'end', run.run_id, run.job_namespace, run.job_name, run.dag_id, run.airflow_run_id,
        run.task_id, run.airflow_state, run.since
    FROM lineage_store.unended_runs AS run
    WHERE run.id = ANY (unended) AND (run.since < day_ago OR run.airflow_state IS NOT NULL)
    UNION ALL
    SELECT
        'task', NULL, task.job_namespace, task.job_name, task.dag_id, task.airflow_run_id,
        task.task_id, task.airflow_state, task.since
    FROM lineage_store.missing_tasks AS task
    WHERE task.id = ANY (dag_runs)
    UNION ALL
    SELECT
        'tasks', run.run_id, run.job_namespace, run.job_name, run.dag_id, run.airflow_run_id,
        NULL, NULL, run.since
    FROM lineage_store.dag_runs_without_tasks AS run
    WHERE run.id = ANY (dag_runs) AND (run.ended_at IS NOT NULL OR run.since < day_ago)
    ORDER BY 9 DESC NULLS LAST LIMIT max_rows;
END
$$;
