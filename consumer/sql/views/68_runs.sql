-- Questions about runs: what came of them, in what order, which made the others late.

CREATE OR REPLACE FUNCTION lineage_store.find_run(wanted text)
RETURNS uuid LANGUAGE plpgsql STABLE AS $$
DECLARE
    found uuid := (
        SELECT run.id FROM lineage_store.runs AS run WHERE lineage_store.run_id(run) = wanted LIMIT 1
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

CREATE OR REPLACE FUNCTION lineage.critical_path(dag_run text)
RETURNS TABLE (
    task_id text, map_index integer, run_id text, state text,
    begin_at timestamptz, end_at timestamptz, duration interval, wait interval
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    dag lineage_store.runs := (
        SELECT run FROM lineage_store.runs AS run WHERE run.id = lineage_store.find_run(dag_run)
    );
    graph uuid := (SELECT task_graph FROM lineage_store.dag_runs WHERE dag_runs.run_id = dag.id);
    task record;
    after record;
    taken text[] := '{}';
BEGIN
    SELECT run.*, lineage_store.run_id(run) AS id_text, lineage_store.state(run) AS state
    INTO task FROM lineage_store.runs AS run
    WHERE coalesce(run.parent_run_id, run.upstream_run_id, run.id) = dag.id
      AND run.parent_run_id = dag.id AND run.task_id IS NOT NULL AND run.ended_at IS NOT NULL
    ORDER BY run.ended_at DESC, run.id DESC LIMIT 1;
    WHILE task.id IS NOT NULL LOOP
        taken := taken || task.task_id::text;
        -- Tasks that sent no events (skipped ones, those without work) are passed.
        WITH RECURSIVE before (task_id) AS (
            SELECT task.task_id::text
            UNION
            SELECT edge.from_id
            FROM before JOIN lineage_store.task_graph_edges AS edge
                ON edge.value_hash = graph AND edge.to_id = before.task_id
               AND edge.from_kind = 'task' AND edge.to_kind = 'task'
            WHERE before.task_id = task.task_id OR NOT EXISTS (
                SELECT FROM lineage_store.runs AS silent
                WHERE coalesce(silent.parent_run_id, silent.upstream_run_id, silent.id) = dag.id
                  AND silent.parent_run_id = dag.id AND silent.task_id = before.task_id
            )
        )
        SELECT run.*, lineage_store.run_id(run) AS id_text, lineage_store.state(run) AS state
        INTO after FROM before
        JOIN lineage_store.runs AS run
            ON coalesce(run.parent_run_id, run.upstream_run_id, run.id) = dag.id
           AND run.parent_run_id = dag.id AND run.task_id = before.task_id
        WHERE run.ended_at IS NOT NULL AND run.task_id <> ALL (taken)
        ORDER BY run.ended_at DESC, run.id DESC LIMIT 1;
        task_id := task.task_id;
        map_index := task.map_index;
        run_id := task.id_text;
        state := task.state;
        begin_at := coalesce(task.started_at, task.first_event_at);
        end_at := task.ended_at;
        duration := end_at - begin_at;
        wait := begin_at - coalesce(after.ended_at, dag.started_at, dag.first_event_at);
        RETURN NEXT;
        task := after;
    END LOOP;
END
$$;
COMMENT ON FUNCTION lineage.critical_path(text) IS
'The tasks that made a DAG run (its OpenLineage run_id) as late as it was, last first: the task that ended last, of the tasks before it in the DAG''s graph that which ended last, and so on. wait: from the end of the next one listed, or from the DAG run''s begin, to its begin.';

CREATE OR REPLACE FUNCTION lineage.compare_runs(one text, other text)
RETURNS TABLE (what text, value_of_one text, value_of_other text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH given AS (
        SELECT lineage_store.find_run(one) AS one_id, lineage_store.find_run(other) AS other_id
    ),
    said (run_id, what, value) AS (
        SELECT run.run_id, each.key, each.value
        FROM lineage.runs AS run CROSS JOIN LATERAL jsonb_each_text(to_jsonb(run)) AS each
        WHERE run.run_id IN (one, other)
        UNION ALL
        SELECT io.run_id, 'input ' || io.namespace || ':' || io.name, 'read'
        FROM lineage.run_inputs AS io WHERE io.run_id IN (one, other) AND io.is_main
        UNION ALL
        SELECT io.run_id, 'output ' || io.namespace || ':' || io.name, 'written'
        FROM lineage.run_outputs AS io WHERE io.run_id IN (one, other) AND io.is_main
        UNION ALL
        SELECT facet.run_id, 'facet ' || facet.name, facet.facet::text
        FROM lineage.run_facets AS facet WHERE facet.run_id IN (one, other)
    )
    SELECT what, ours.value, theirs.value
    FROM (SELECT said.what, said.value FROM given JOIN said ON said.run_id = one) AS ours
    FULL JOIN (SELECT said.what, said.value FROM given JOIN said ON said.run_id = other) AS theirs
        USING (what)
    WHERE ours.value IS DISTINCT FROM theirs.value
    ORDER BY what COLLATE "C"
$$;
COMMENT ON FUNCTION lineage.compare_runs(text, text) IS
'What differs between two runs (run_ids): the columns of lineage.runs, inputs, outputs and facets, each with both values; null where only the other has it.';
