-- Runs as Marquez's API tells them.

-- Where the program of each job lies, as facet sourceCodeLocation said, and from when to when.
CREATE OR REPLACE VIEW lineage_api.locations AS
SELECT
    facet.owner_id AS job_id, lineage_store.text_at(stored.value, 'url') AS location,
    facet.first_event_at, facet.ended_at
FROM lineage_store.facet_versions AS facet
JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash
WHERE facet.owner = 'job' AND facet.name = 'sourceCodeLocation' AND NOT facet.is_deleted;

-- When each run started; one of which nobody told that, when it was first heard of before its end.
-- (Marquez takes the latest START or RUNNING: a run that tells of itself again and again seems to
-- have begun just now, and to find that takes all its events.)
CREATE OR REPLACE VIEW lineage_api.run_times AS
SELECT
    run.id, run.parent_run_id, run.first_event_at, run.last_event_at, run.ended_at,
    run.nominal_start_time, run.nominal_end_time, lineage_store.state(run) AS state,
    coalesce(
        run.started_at,
        (
            SELECT event.event_time FROM lineage_store.events AS event
            WHERE event.run_id = run.id
              AND event.event_time BETWEEN run.first_event_at
                  AND coalesce(run.ended_at, run.last_event_at)
              AND event.event_type NOT IN ('COMPLETE', 'FAIL', 'ABORT')
            ORDER BY event.event_time LIMIT 1
        )
    ) AS started_at,
    coalesce(run.parent_run_id, run.upstream_run_id, run.id) AS family_id
FROM lineage_store.runs AS run;

-- Runs with the names of their jobs. One that sent no events of its own, and is known as the
-- parent of others alone, has their times.
CREATE OR REPLACE VIEW lineage_api.runs AS
SELECT
    run.id, coalesce(run.run_id, run.id::text) AS run_id,
    run.job_id, job.namespace, named.name,
    coalesce(own.state, child.state) AS state,
    coalesce(own.started_at, child.started_at) AS started_at,
    coalesce(own.ended_at, child.ended_at) AS ended_at,
    coalesce(own.nominal_start_time, child.nominal_start_time) AS nominal_start_time,
    coalesce(own.nominal_end_time, child.nominal_end_time) AS nominal_end_time,
    coalesce(own.first_event_at, child.first_event_at) AS first_event_at,
    coalesce(own.last_event_at, child.last_event_at) AS last_event_at,
    own.first_event_at IS NOT NULL AS has_events,
    run.parent_run_id AS parent_id
FROM lineage_store.runs AS run
JOIN lineage_api.run_times AS own ON own.id = run.id
LEFT JOIN lineage_store.jobs AS job ON job.id = run.job_id
LEFT JOIN lineage_store.runs AS above ON above.id = run.parent_run_id
LEFT JOIN lineage_store.jobs AS parent ON parent.id = above.job_id
LEFT JOIN LATERAL (
    SELECT
        (array_agg(each.state ORDER BY each.last_event_at DESC, each.id))[1] AS state,
        min(each.started_at) AS started_at, max(each.ended_at) AS ended_at,
        max(each.nominal_start_time) AS nominal_start_time,
        max(each.nominal_end_time) AS nominal_end_time,
        min(each.first_event_at) AS first_event_at, max(each.last_event_at) AS last_event_at
    FROM lineage_api.run_times AS each
    WHERE own.first_event_at IS NULL
      AND each.family_id = run.id AND each.parent_run_id = run.id
) AS child ON true
CROSS JOIN LATERAL (SELECT lineage_api.job_name(job.name, parent.name)) AS named (name);
COMMENT ON VIEW lineage_api.runs IS 'Runs, with the names that the API has for their jobs.';

-- What runs read and wrote, also under the names that symlinks alone give it.
CREATE OR REPLACE VIEW lineage_api.run_io AS
SELECT
    io.run_id AS id, io.dataset_id, dataset.namespace, dataset.name, io.is_output,
    false AS is_alias
FROM lineage_store.run_io AS io
JOIN lineage_store.datasets AS dataset ON dataset.id = io.dataset_id
UNION ALL
SELECT io.run_id, io.dataset_id, alias.namespace, alias.name, io.is_output, true
FROM lineage_store.run_io AS io
JOIN lineage_store.dataset_groups AS own ON own.dataset_id = io.dataset_id
JOIN lineage_store.dataset_groups AS other ON other.group_id = own.group_id
JOIN lineage_store.datasets AS alias ON alias.id = other.dataset_id
WHERE alias.last_named_at IS NULL;

-- The facets of jobs and datasets that hold now.
CREATE OR REPLACE VIEW lineage_api.facets AS
SELECT facet.owner::text AS owner, facet.owner_id, facet.name, stored.value, facet.last_event_at
FROM lineage_store.facet_versions AS facet
JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash
WHERE facet.ended_at IS NULL AND NOT facet.is_deleted;

-- The runs of jobs by the names of the jobs, without what takes long to find.
CREATE OR REPLACE VIEW lineage_api.job_runs AS
SELECT
    run.id, run.job_id, named.name, run.first_event_at, run.ended_at,
    lineage_store.state(run) AS state
FROM lineage_store.runs AS run
JOIN lineage_store.jobs AS job ON job.id = run.job_id
LEFT JOIN lineage_store.runs AS above ON above.id = run.parent_run_id
LEFT JOIN lineage_store.jobs AS parent ON parent.id = above.job_id
CROSS JOIN LATERAL (SELECT lineage_api.job_name(job.name, parent.name)) AS named (name);

-- Which jobs wrote a dataset, in any of their runs.
CREATE OR REPLACE VIEW lineage_api.writing_jobs AS
SELECT to_id AS dataset_id, from_id AS job_id FROM lineage_store.edges WHERE kind = 'output';

-- Which jobs read a dataset.
CREATE OR REPLACE VIEW lineage_api.reading_jobs AS
SELECT from_id AS dataset_id, to_id AS job_id FROM lineage_store.edges WHERE kind = 'input';

-- The runs that wrote each dataset.
CREATE OR REPLACE VIEW lineage_api.dataset_writers AS
SELECT io.dataset_id, run.id, run.first_event_at
FROM lineage_store.run_io AS io
JOIN lineage_store.runs AS run ON run.id = io.run_id
WHERE io.is_output;

-- When each dataset was read first.
CREATE OR REPLACE VIEW lineage_api.first_reads AS
SELECT from_id AS dataset_id, min(first_event_at) AS first_read_at
FROM lineage_store.edges WHERE kind = 'input' GROUP BY from_id;

-- The facets of datasets, and from when to when they held.
CREATE OR REPLACE VIEW lineage_api.dataset_facets AS
SELECT facet.owner_id AS dataset_id, facet.name, stored.value, facet.first_event_at, facet.ended_at
FROM lineage_store.facet_versions AS facet
JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash
WHERE facet.owner = 'dataset' AND NOT facet.is_deleted;

-- What identifies each event.
CREATE OR REPLACE VIEW lineage_api.event_ids AS
SELECT run_id, event_time, hash FROM lineage_store.events;

-- The events of runs by the namespaces of their jobs, and where their bodies are.
CREATE OR REPLACE VIEW lineage_api.job_events AS
SELECT
    event.run_id AS id, event.event_time, event.hash, job.namespace, event.pack_id, event.place
FROM lineage_store.events AS event
JOIN lineage_store.jobs AS job ON job.id = event.job_id
WHERE event.run_id <> '00000000-0000-0000-0000-000000000000';
