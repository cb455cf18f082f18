-- The graph of jobs and datasets around some of them, as the API draws it.
--
-- A job is here what it is in lineage_api.jobs: an id with a name, since one that ran under several
-- others has several. A dataset is the id of its group.

-- The last run that tells what a job reads and writes: the last complete one, so that one that is
-- open takes nothing away; else the last that ended. Of a stream, which may never end, the last.
CREATE OR REPLACE FUNCTION lineage_api.telling_run(of_job bigint, of_name text)
RETURNS uuid LANGUAGE sql STABLE
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off
SET enable_mergejoin = off AS $$
    SELECT run.id
    FROM lineage_store.jobs AS job
    CROSS JOIN unnest(ARRAY[1, 2, 3]) AS choice (number)
    CROSS JOIN LATERAL (
        SELECT each.id, each.first_event_at
        FROM lineage_store.runs AS each
        LEFT JOIN lineage_store.runs AS above ON above.id = each.parent_run_id
        LEFT JOIN lineage_store.jobs AS parent ON parent.id = above.job_id
        WHERE each.job_id = of_job AND each.first_event_at IS NOT NULL
          AND CASE choice.number
              WHEN 1 THEN each.end_state = 'COMPLETE'
              WHEN 2 THEN each.end_state IS NOT NULL
              ELSE job.processing_type = 'STREAMING'
          END
          AND lineage_api.job_name(job.name, parent.name) = of_name
        ORDER BY each.first_event_at DESC, each.id DESC LIMIT 1
    ) AS run
    WHERE job.id = of_job
    ORDER BY choice.number LIMIT 1
$$;

-- What jobs read and wrote in that run; of those without runs, what was stated of them. dataset_id
-- is the group's.
CREATE OR REPLACE FUNCTION lineage_api.job_io(job_ids bigint[], job_names text[])
RETURNS TABLE (job_id bigint, job_name text, dataset_id bigint, is_output boolean)
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_memoize = off SET jit = off AS $$
BEGIN
    RETURN QUERY
    WITH asked AS MATERIALIZED (
        SELECT job.id, job.name, EXISTS (
            SELECT FROM lineage_store.runs AS run
            WHERE run.job_id = job.id AND run.first_event_at IS NOT NULL
        ) AS has_runs
        FROM unnest(job_ids, job_names) AS job (id, name)
    ),
    used AS (
        SELECT asked.id, asked.name, io.dataset_id, io.is_output
        FROM asked JOIN lineage_store.run_io AS io
            ON io.run_id = lineage_api.telling_run(asked.id, asked.name)
        WHERE asked.has_runs
        UNION
        SELECT asked.id, asked.name, edge.to_id, true
        FROM asked JOIN lineage_store.edges AS edge
            ON edge.from_id = asked.id AND edge.kind = 'output'
        WHERE NOT asked.has_runs
        UNION
        SELECT asked.id, asked.name, edge.from_id, false
        FROM asked JOIN lineage_store.edges AS edge
            ON edge.to_id = asked.id AND edge.kind = 'input'
        WHERE NOT asked.has_runs
    )
    SELECT DISTINCT used.id, used.name, coalesce(known.group_id, used.dataset_id), used.is_output
    FROM used
    LEFT JOIN LATERAL (
        SELECT member.group_id FROM lineage_store.dataset_groups AS member
        WHERE member.dataset_id = used.dataset_id OFFSET 0
    ) AS known ON true;
END
$$;

-- The jobs that ever read or wrote datasets (ids of groups), under each of their names.
CREATE OR REPLACE FUNCTION lineage_api.jobs_of(datasets bigint[])
RETURNS TABLE (job_id bigint, job_name text) LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_memoize = off SET jit = off AS $$
BEGIN
    RETURN QUERY
    WITH name AS MATERIALIZED (SELECT name_id FROM lineage_store.names_in(datasets)),
    user_of AS (
        SELECT edge.to_id AS id FROM name JOIN lineage_store.edges AS edge
            ON edge.from_id = name.name_id AND edge.kind = 'input'
        UNION
        SELECT edge.from_id FROM name JOIN lineage_store.edges AS edge
            ON edge.to_id = name.name_id AND edge.kind = 'output'
    )
    SELECT DISTINCT job.id, lineage_api.job_name(job.name, parent.name)
    FROM user_of
    JOIN lineage_store.jobs AS job ON job.id = user_of.id
    JOIN lineage_store.job_parents AS placed ON placed.job_id = job.id
    LEFT JOIN lineage_store.jobs AS parent ON parent.id = placed.parent_id;
END
$$;

-- What the jobs within max_depth steps of one read and write, where a step leads to all jobs that
-- share a dataset; dataset_id is null for a job that has none.
CREATE OR REPLACE FUNCTION lineage_api.graph(start_id bigint, start_name text, max_depth integer)
RETURNS TABLE (job_id bigint, job_name text, dataset_id bigint, is_output boolean)
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET enable_nestloop = off SET enable_mergejoin = off
SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
        frontier bigint[];
    -- What was found: jobs, and edges, each in the same place of several arrays.
    ids bigint[] := ARRAY[start_id];
    names text[] := ARRAY[start_name];
    datasets bigint[] := '{}';
    edge_ids bigint[];
    edge_names text[];
    edge_datasets bigint[];
    edge_sides boolean[];
BEGIN
    SELECT array_agg(io.job_id), array_agg(io.job_name), array_agg(io.dataset_id),
        array_agg(io.is_output)
    INTO edge_ids, edge_names, edge_datasets, edge_sides
    FROM lineage_api.job_io(ids, names) AS io;
    frontier := ARRAY(SELECT DISTINCT unnest(edge_datasets));
    FOR step IN 1 .. max_depth LOOP
        EXIT WHEN cardinality(frontier) = 0;
        datasets := datasets || frontier;
        WITH candidate AS MATERIALIZED (
            SELECT user_of.job_id, user_of.job_name FROM lineage_api.jobs_of(frontier) AS user_of
            EXCEPT
            SELECT * FROM unnest(ids, names)
        ),
        io AS MATERIALIZED (
            SELECT each.* FROM lineage_api.job_io(
                ARRAY(SELECT candidate.job_id FROM candidate ORDER BY 1, job_name),
                ARRAY(SELECT candidate.job_name FROM candidate ORDER BY job_id, 1)
            ) AS each
        ),
        -- Jobs that use one of those datasets now, not only long ago.
        reached AS MATERIALIZED (
            SELECT DISTINCT io.job_id, io.job_name
            FROM io JOIN unnest(frontier) AS shared (id) ON shared.id = io.dataset_id
        ),
        kept AS MATERIALIZED (SELECT io.* FROM io JOIN reached USING (job_id, job_name))
        SELECT
            ids || ARRAY(SELECT reached.job_id FROM reached ORDER BY 1, job_name),
            names || ARRAY(SELECT reached.job_name FROM reached ORDER BY job_id, 1),
            edge_ids || array_agg(kept.job_id), edge_names || array_agg(kept.job_name),
            edge_datasets || array_agg(kept.dataset_id), edge_sides || array_agg(kept.is_output),
            ARRAY(SELECT kept.dataset_id FROM kept EXCEPT SELECT unnest(datasets))
        INTO ids, names, edge_ids, edge_names, edge_datasets, edge_sides, frontier
        FROM kept;
    END LOOP;
    RETURN QUERY
    SELECT job.id, job.name, edge.dataset_id, edge.is_output
    FROM unnest(ids, names) AS job (id, name)
    LEFT JOIN unnest(edge_ids, edge_names, edge_datasets, edge_sides)
        AS edge (id, name, dataset_id, is_output) USING (id, name);
END
$$;

-- The job around which the graph of a dataset (the id of its group) is drawn: that which wrote it
-- last, else that which read it last.
CREATE OR REPLACE FUNCTION lineage_api.job_beside(dataset bigint)
RETURNS TABLE (job_id bigint, job_name text) LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off
SET enable_mergejoin = off SET jit = off AS $$
BEGIN
    RETURN QUERY
    WITH name AS MATERIALIZED (SELECT name_id FROM lineage_store.names_in(ARRAY[dataset])),
    edge AS MATERIALIZED (
        SELECT edge.from_id AS job_id, true AS is_output, edge.last_event_at
        FROM name JOIN lineage_store.edges AS edge
            ON edge.to_id = name.name_id AND edge.kind = 'output'
        UNION ALL
        SELECT edge.to_id, false, edge.last_event_at
        FROM name JOIN lineage_store.edges AS edge
            ON edge.from_id = name.name_id AND edge.kind = 'input'
        ORDER BY is_output DESC, last_event_at DESC LIMIT 100
    ),
    named AS MATERIALIZED (
        SELECT job.id, lineage_api.job_name(job.name, parent.name) AS name, edge.is_output,
            placed.last_event_at
        FROM edge
        JOIN lineage_store.jobs AS job ON job.id = edge.job_id
        JOIN lineage_store.job_parents AS placed ON placed.job_id = job.id
        LEFT JOIN lineage_store.jobs AS parent ON parent.id = placed.parent_id
    )
    SELECT io.job_id, io.job_name
    FROM lineage_api.job_io(
        ARRAY(SELECT named.id FROM named ORDER BY named.id, named.name),
        ARRAY(SELECT named.name FROM named ORDER BY named.id, named.name)
    ) AS io
    JOIN named ON named.id = io.job_id AND named.name = io.job_name
        AND named.is_output = io.is_output
    WHERE io.dataset_id = dataset
    ORDER BY io.is_output DESC, named.last_event_at DESC, io.job_id, io.job_name COLLATE "C"
    LIMIT 1;
END
$$;

-- Of some datasets the groups, with the name that each group is shown by.
CREATE OR REPLACE FUNCTION lineage_api.shown_names(groups bigint[])
RETURNS TABLE (dataset_id bigint, shown_id bigint) LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY
    SELECT known.id, coalesce(main.id, known.id)
    FROM unnest(groups) AS known (id)
    LEFT JOIN LATERAL (
        SELECT lineage_store.main_name(member.group_id) AS id
        FROM lineage_store.dataset_groups AS member
        WHERE member.dataset_id = known.id OFFSET 0
    ) AS main ON true;
END
$$;

-- Datasets by their ids.
CREATE OR REPLACE FUNCTION lineage_api.datasets_by_ids(ids bigint[])
RETURNS SETOF lineage_api.datasets LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY SELECT * FROM lineage_api.datasets AS dataset WHERE dataset.id = ANY (ids);
END
$$;

-- Jobs by their ids; one that ran under several others has a row for each of its names.
CREATE OR REPLACE FUNCTION lineage_api.jobs_by_ids(ids bigint[])
RETURNS SETOF lineage_api.jobs LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY SELECT * FROM lineage_api.jobs AS job WHERE job.id = ANY (ids);
END
$$;

-- The datasets that have a name (by its key), with the id of their group.
CREATE OR REPLACE FUNCTION lineage_api.dataset_groups(keys uuid[])
RETURNS TABLE (key uuid, group_id bigint) LANGUAGE sql STABLE AS $$
    SELECT dataset.key, lineage_store.group_of(dataset.id)
    FROM lineage_store.datasets AS dataset WHERE dataset.key = ANY (keys)
$$;

-- The parents of runs. Marquez's graph shows a job that runs under another with that one's run. A
-- parent that ran under a third itself has another name than its children call it by; under theirs
-- (is_own false) it is what they tell of it, begun when the first of them did.
CREATE OR REPLACE FUNCTION lineage_api.parents(runs uuid[])
RETURNS TABLE (
    run_id uuid, parent_id uuid, is_own boolean, namespace text, name text, state text,
    started_at timestamptz, ended_at timestamptz,
    first_event_at timestamptz, last_event_at timestamptz
)
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT run.id, parent.id, parent.is_own, parent.namespace, parent.name, told.*
    FROM unnest(runs) AS asked (id)
    JOIN lineage_store.runs AS run ON run.id = asked.id
    CROSS JOIN LATERAL (
        SELECT above.id, job.namespace, job.name,
            lineage_api.job_name(job.name, third.name) = job.name AS is_own
        FROM lineage_store.runs AS above
        JOIN lineage_store.jobs AS job ON job.id = above.job_id
        LEFT JOIN lineage_store.runs AS top ON top.id = above.parent_run_id
        LEFT JOIN lineage_store.jobs AS third ON third.id = top.job_id
        WHERE above.id = run.parent_run_id OFFSET 0
    ) AS parent
    LEFT JOIN LATERAL (
        SELECT
            (array_agg(lineage_store.state(child) ORDER BY child.last_event_at DESC, child.id))[1],
            min(told.started_at), max(child.ended_at),
            min(child.first_event_at), max(child.last_event_at)
        FROM lineage_store.runs AS child
        CROSS JOIN LATERAL (
            SELECT run.started_at FROM lineage_api.run_times AS run WHERE run.id = child.id
        ) AS told
        WHERE NOT parent.is_own
          AND coalesce(child.parent_run_id, child.upstream_run_id, child.id) = parent.id
          AND child.parent_run_id = parent.id
    ) AS told ON true
$$;

-- The runs that wrote last what a run read before it ended, and so on: each pair of a run and one
-- that wrote an input of it.
CREATE OR REPLACE FUNCTION lineage_api.runs_before(start_id uuid, max_depth integer)
RETURNS TABLE (depth integer, run_id uuid, dataset_id bigint, writer_id uuid)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    steps integer := 0;
    level uuid[] := ARRAY[start_id];
    seen uuid[] := level;
BEGIN
    WHILE cardinality(level) > 0 AND steps <= max_depth LOOP
        RETURN QUERY
        SELECT steps, next.via, next.dataset_id, next.run_id
        FROM lineage_store.next_runs(level, true) AS next;
        level := ARRAY(
            SELECT next.run_id FROM lineage_store.next_runs(level, true) AS next
            EXCEPT SELECT unnest(seen)
        );
        seen := seen || level;
        steps := steps + 1;
    END LOOP;
END
$$;
