-- Questions about runs: what came of them, in what order, which made the others late.

CREATE OR REPLACE FUNCTION lineage_store.find_run(wanted text)
RETURNS uuid LANGUAGE plpgsql STABLE AS $$
DECLARE
    found uuid := (
        SELECT run.id FROM lineage_store.runs AS run
        WHERE lineage_store.run_id(run) = lineage_store.as_run_id(wanted) LIMIT 1
    );
BEGIN
    IF found IS NULL THEN
        RAISE EXCEPTION 'there is no run %; lineage.runs has those there are',
            coalesce(quote_literal(wanted), 'null') USING ERRCODE = 'no_data_found';
    END IF;
    RETURN found;
END
$$;

-- The run other than its reader that wrote a dataset last by a moment.
CREATE OR REPLACE FUNCTION lineage_store.writer_by(
    dataset bigint, moment timestamptz, reader uuid
)
RETURNS uuid LANGUAGE sql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off AS $$
    SELECT written.run_id
    FROM lineage_store.names_of(dataset) AS name (id)
    CROSS JOIN LATERAL (
        SELECT io.run_id, io.last_event_at FROM lineage_store.run_io AS io
        WHERE io.dataset_id = name.id AND io.is_output AND io.last_event_at <= moment
          AND io.run_id <> reader
        ORDER BY io.last_event_at DESC, io.run_id DESC LIMIT 1
    ) AS written
    ORDER BY written.last_event_at DESC, written.run_id DESC LIMIT 1
$$;

-- The next that wrote a dataset after a run had, and neither that run nor another.
CREATE OR REPLACE FUNCTION lineage_store.writer_after(
    dataset bigint, moment timestamptz, writer uuid, other uuid,
    OUT run_id uuid, OUT at timestamptz
)
LANGUAGE sql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off AS $$
    SELECT written.run_id, written.last_event_at
    FROM lineage_store.names_of(dataset) AS name (id)
    CROSS JOIN LATERAL (
        SELECT io.run_id, io.last_event_at FROM lineage_store.run_io AS io
        WHERE io.dataset_id = name.id AND io.is_output AND io.last_event_at >= moment
          AND (io.last_event_at, io.run_id) > (moment, writer)
          AND io.run_id <> writer AND io.run_id IS DISTINCT FROM other
        ORDER BY io.last_event_at, io.run_id LIMIT 1
    ) AS written
    ORDER BY written.last_event_at, written.run_id LIMIT 1
$$;

-- The runs next to a level of runs, with the dataset between. A run reads what was written last
-- before it read, by another run.
CREATE OR REPLACE FUNCTION lineage_store.next_runs(level uuid[], to_inputs boolean)
RETURNS TABLE (run_id uuid, dataset_id bigint, via uuid) LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY
    SELECT next.id, io.dataset_id, io.run_id
    FROM lineage_store.run_io AS io
    CROSS JOIN LATERAL (
        SELECT lineage_store.writer_by(io.dataset_id, io.last_event_at, io.run_id) AS id OFFSET 0
    ) AS next
    WHERE to_inputs AND io.run_id = ANY (level) AND NOT io.is_output AND next.id IS NOT NULL
    UNION
    SELECT reader.run_id, io.dataset_id, io.run_id
    FROM lineage_store.run_io AS io
    -- Who reads later reads what the next wrote; who is the next itself, what the one after it.
    CROSS JOIN LATERAL lineage_store.writer_after(
        io.dataset_id, io.last_event_at, io.run_id, NULL
    ) AS next
    CROSS JOIN LATERAL lineage_store.writer_after(
        io.dataset_id, io.last_event_at, io.run_id, next.run_id
    ) AS later
    CROSS JOIN LATERAL lineage_store.names_of(io.dataset_id) AS name (id)
    JOIN lineage_store.run_io AS reader
        ON reader.dataset_id = name.id AND NOT reader.is_output
       AND reader.last_event_at BETWEEN io.last_event_at AND coalesce(later.at, 'infinity')
    WHERE NOT to_inputs AND io.run_id = ANY (level) AND io.is_output
      AND reader.run_id <> io.run_id
      AND lineage_store.writer_by(io.dataset_id, reader.last_event_at, reader.run_id) = io.run_id;
END
$$;

CREATE OR REPLACE FUNCTION lineage_store.walk_runs(
    start uuid, to_inputs boolean, max_depth integer
)
RETURNS SETOF lineage_store.run_step LANGUAGE plpgsql STABLE AS $$
DECLARE
    steps integer := 0;
    level uuid[] := ARRAY[start];
    seen uuid[] := level;
    datasets bigint[];
    vias uuid[];
BEGIN
    WHILE level IS NOT NULL AND steps < coalesce(max_depth, 2147483647) LOOP
        steps := steps + 1;
        SELECT array_agg(next.run_id), array_agg(next.dataset_id), array_agg(next.via)
        INTO level, datasets, vias
        FROM (
            SELECT DISTINCT ON (found.run_id) found.*
            FROM lineage_store.next_runs(level, to_inputs) AS found
            LEFT JOIN unnest(seen) AS known (id) ON known.id = found.run_id
            WHERE known.id IS NULL
            ORDER BY found.run_id, found.via, found.dataset_id
        ) AS next;
        seen := seen || level;
        RETURN QUERY
        SELECT steps, lineage_store.run_id(run), job.namespace, job.name,
            lineage_store.state(run), run.ended_at,
            dataset.namespace, dataset.name, lineage_store.run_id(before)
        FROM unnest(level, datasets, vias) AS step (id, dataset_id, via)
        JOIN lineage_store.runs AS run ON run.id = step.id
        LEFT JOIN lineage_store.jobs AS job ON job.id = run.job_id
        JOIN lineage_store.datasets AS dataset
            ON dataset.id = lineage_store.main_name(step.dataset_id)
        JOIN lineage_store.runs AS before ON before.id = step.via
        ORDER BY run.first_event_at, run.id;
    END LOOP;
END
$$;

CREATE OR REPLACE FUNCTION lineage.run_upstream(run_id text, max_depth integer DEFAULT NULL)
RETURNS SETOF lineage_store.run_step LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM lineage_store.walk_runs(lineage_store.find_run($1), true, $2)
$$;
COMMENT ON FUNCTION lineage.run_upstream(text, integer) IS
'The runs whose outputs a run really read, nearest first: of each dataset that a run read, the run that wrote it last before it was read; a dataset is read and written when the last event says so that tells of it. depth: the number of datasets between; namespace, name: the dataset on the way; via: the run_id before.';

CREATE OR REPLACE FUNCTION lineage.run_downstream(run_id text, max_depth integer DEFAULT NULL)
RETURNS SETOF lineage_store.run_step LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM lineage_store.walk_runs(lineage_store.find_run($1), false, $2)
$$;
COMMENT ON FUNCTION lineage.run_downstream(text, integer) IS
'The runs that really read what a run wrote, before another run wrote it anew: lineage.run_upstream, in the other direction.';

CREATE OR REPLACE FUNCTION lineage.run_timeline(pipeline_run_id text)
RETURNS TABLE (
    run_id text, job_namespace text, job_name text, parent_run_id text, state text,
    begin_at timestamptz, end_at timestamptz, duration interval, wait interval
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
    WITH member AS (
        SELECT run AS row, coalesce(run.started_at, run.first_event_at) AS begin_at, run.ended_at
        FROM lineage_store.pipeline_members AS pipeline
        JOIN lineage_store.runs AS run ON run.id = pipeline.id
        WHERE pipeline.pipeline_run_id = $1
    )
    SELECT lineage_store.run_id(member.row), job.namespace, job.name,
        lineage_store.run_id(parent), lineage_store.state(member.row),
        member.begin_at, member.ended_at, member.ended_at - member.begin_at,
        member.begin_at - (
            SELECT max(before.ended_at) FROM member AS before
            WHERE before.ended_at <= member.begin_at
        )
    FROM member
    LEFT JOIN lineage_store.jobs AS job ON job.id = (member.row).job_id
    LEFT JOIN lineage_store.runs AS parent ON parent.id = (member.row).parent_run_id
    ORDER BY member.begin_at, (member.row).id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no pipeline run %; lineage.pipeline_runs has those there are',
            coalesce(quote_literal($1), 'null') USING ERRCODE = 'no_data_found';
    END IF;
END
$$;
COMMENT ON FUNCTION lineage.run_timeline(text) IS
'All runs of a pipeline run in the order in which they began, across DAGs and what runs below their tasks. begin_at: its START, else its first event; wait: since another run of the pipeline last ended before it began. An id that no run has is an error.';

-- The tasks of a DAG run with their begin and end. Of one without an end of its own the DAG run's
-- airflowState tells how long it took; one that sent nothing begins at the time given for it.
CREATE OR REPLACE FUNCTION lineage_store.timed_tasks(
    dag_run uuid, graph uuid, dag_begin timestamptz, begins jsonb
)
RETURNS TABLE (
    task_id text, map_index integer, id uuid, state text, begin_at timestamptz, end_at timestamptz
)
LANGUAGE sql STABLE AS $$
    WITH instance AS MATERIALIZED (
        SELECT * FROM lineage_store.task_instances AS task WHERE task.dag_run_id = dag_run
    )
    SELECT task.task_id, task.map_index, task.id, task.state, begin.at,
        coalesce(task.ended_at, begin.at + CASE WHEN task.id IS NULL
            THEN coalesce(task.duration, '0') ELSE task.duration END)
    FROM (
        SELECT instance.task_id, instance.map_index, instance.id,
            CASE WHEN NOT instance.is_by_airflow THEN lineage_store.state(run)
                 WHEN instance.state = 'success' THEN 'COMPLETE'
                 WHEN instance.state = 'failed' THEN 'FAIL' ELSE instance.state END AS state,
            coalesce(instance.started_at, instance.first_event_at) AS begin_at,
            instance.ended_at, instance.duration
        FROM instance LEFT JOIN lineage_store.runs AS run ON run.id = instance.id
        UNION ALL
        SELECT node.node_id, NULL, NULL, NULL, NULL, NULL, NULL
        FROM lineage_store.task_graph_nodes AS node
        WHERE node.value_hash = graph AND node.kind = 'task'
          AND node.node_id NOT IN (SELECT instance.task_id FROM instance)
    ) AS task
    CROSS JOIN LATERAL (SELECT coalesce(
        task.begin_at, (begins ->> task.task_id)::timestamptz, dag_begin
    ) AS at) AS begin
$$;

-- The same, where a task that sent nothing begins as soon as all before it had ended: of a row of
-- such tasks each round tells the begin of one more.
CREATE OR REPLACE FUNCTION lineage_store.task_times(
    dag_run uuid, graph uuid, dag_begin timestamptz
)
RETURNS TABLE (
    task_id text, map_index integer, id uuid, state text, begin_at timestamptz, end_at timestamptz
)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    begins jsonb;
    better jsonb := '{}';
BEGIN
    FOR round IN 1..1000 LOOP -- a graph without end, which no DAG has, ends here
        EXIT WHEN better = begins;
        begins := better;
        SELECT coalesce(jsonb_object_agg(next.to_id, next.begin_at), '{}') INTO better
        FROM (
            SELECT edge.to_id, max(before.end_at) AS begin_at
            FROM lineage_store.timed_tasks(dag_run, graph, dag_begin, begins) AS before
            JOIN lineage_store.task_graph_edges AS edge
                ON edge.value_hash = graph AND edge.from_id = before.task_id
               AND edge.from_kind = 'task' AND edge.to_kind = 'task'
            WHERE before.end_at IS NOT NULL
            GROUP BY edge.to_id
        ) AS next;
    END LOOP;
    RETURN QUERY SELECT * FROM lineage_store.timed_tasks(dag_run, graph, dag_begin, begins);
END
$$;

CREATE OR REPLACE FUNCTION lineage.critical_path(dag_run text)
RETURNS TABLE (
    task_id text, map_index integer, run_id text, state text,
    begin_at timestamptz, end_at timestamptz, duration interval, wait interval
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE dag AS MATERIALIZED (
        SELECT run.id, said.task_graph, coalesce(run.started_at, run.first_event_at) AS begin_at
        FROM lineage_store.find_run(dag_run) AS found (id)
        JOIN lineage_store.runs AS run ON run.id = found.id
        LEFT JOIN lineage_store.dag_runs AS said ON said.run_id = run.id
    ),
    task AS MATERIALIZED (
        SELECT timed.*
        FROM dag
        CROSS JOIN LATERAL lineage_store.task_times(dag.id, dag.task_graph, dag.begin_at) AS timed
        WHERE timed.end_at IS NOT NULL
    ),
    path AS (
        (SELECT 1 AS place, ARRAY[task.task_id] AS taken, task.*
         FROM task ORDER BY task.end_at DESC, task.id DESC NULLS LAST LIMIT 1)
        UNION ALL
        SELECT path.place + 1, path.taken || before.task_id, before.*
        FROM path CROSS JOIN LATERAL (
            SELECT task.*
            FROM dag
            JOIN lineage_store.task_graph_edges AS edge
                ON edge.value_hash = dag.task_graph AND edge.to_id = path.task_id
               AND edge.from_kind = 'task' AND edge.to_kind = 'task'
            JOIN task ON task.task_id = edge.from_id
            WHERE task.task_id <> ALL (path.taken)
            ORDER BY task.end_at DESC, task.id DESC NULLS LAST LIMIT 1
        ) AS before
    )
    SELECT path.task_id, path.map_index, lineage_store.run_id(run), path.state,
        path.begin_at, path.end_at, path.end_at - path.begin_at,
        path.begin_at - coalesce(lead(path.end_at) OVER (ORDER BY path.place), dag.begin_at)
    FROM path
    CROSS JOIN dag
    LEFT JOIN lineage_store.runs AS run ON run.id = path.id
    -- What took no time and sent nothing (skipped tasks, empty ones) is passed.
    WHERE path.id IS NOT NULL OR path.end_at > path.begin_at
    ORDER BY path.place
$$;
COMMENT ON FUNCTION lineage.critical_path(text) IS
'The tasks that made a DAG run (its OpenLineage run_id) as late as it was, last first: the task that ended last, of the tasks before it in the DAG''s graph that which ended last, and so on. wait: from the end of the next one listed, or from the DAG run''s begin, to its begin. A task whose end no event tells (its process was killed) took as long as airflowState of the DAG run says (lineage.task_runs); one that sent nothing at all has no run_id, and is taken to have begun when those before it had ended. state: as in lineage.runs.';

CREATE OR REPLACE FUNCTION lineage.compare_runs(one text, other text)
RETURNS TABLE (what text, value_of_one text, value_of_other text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH given AS (
        SELECT lineage_store.find_run(one) AS one_id, lineage_store.find_run(other) AS other_id
    ),
    said AS (
        SELECT * FROM (
            SELECT run.run_id, each.key, each.value
            FROM lineage.runs AS run CROSS JOIN LATERAL jsonb_each_text(to_jsonb(run)) AS each
            UNION ALL
            SELECT io.run_id, 'input ' || io.namespace || ':' || io.name, 'read'
            FROM lineage.run_inputs AS io WHERE io.is_main
            UNION ALL
            SELECT io.run_id, 'output ' || io.namespace || ':' || io.name, 'written'
            FROM lineage.run_outputs AS io WHERE io.is_main
            UNION ALL
            SELECT facet.run_id, 'facet ' || facet.name, facet.facet::text
            FROM lineage.run_facets AS facet
        ) AS every (run_id, what, value)
        WHERE every.run_id IN (lineage_store.as_run_id(one), lineage_store.as_run_id(other))
    )
    SELECT what, ours.value, theirs.value
    FROM (
        SELECT said.what, said.value FROM given
        JOIN said ON said.run_id = lineage_store.as_run_id(one)
    ) AS ours
    FULL JOIN (
        SELECT said.what, said.value FROM given
        JOIN said ON said.run_id = lineage_store.as_run_id(other)
    ) AS theirs USING (what)
    WHERE ours.value IS DISTINCT FROM theirs.value
    ORDER BY what COLLATE "C"
$$;
COMMENT ON FUNCTION lineage.compare_runs(text, text) IS
'What differs between two runs (run_ids): the columns of lineage.runs, inputs, outputs and facets, each with both values; null where only the other has it.';
