-- Runs as Marquez's API tells them.

-- Where the program of each job lies, as facet sourceCodeLocation said, and from when to when.
CREATE OR REPLACE VIEW lineage_api.locations AS
SELECT
    facet.owner_id AS job_id, lineage_store.text_at(stored.value, 'url') AS location,
    facet.first_event_at, facet.ended_at
FROM lineage_store.facet_versions AS facet
JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash
WHERE facet.owner = 'job' AND facet.name = 'sourceCodeLocation' AND NOT facet.is_deleted;

-- Runs with the names of their jobs. One that sent no events of its own, and is known as the
-- parent of others alone, lasted from the first to the last of theirs.
CREATE OR REPLACE VIEW lineage_api.runs AS
SELECT
    run.id, coalesce(run.run_id, run.id::text) AS run_id,
    run.job_id, job.namespace, named.name,
    CASE
        WHEN run.first_event_at IS NULL THEN child.state ELSE lineage_store.state(run)
    END AS state,
    coalesce(run.started_at, child.started_at) AS started_at,
    coalesce(run.ended_at, child.ended_at) AS ended_at,
    run.nominal_start_time, run.nominal_end_time,
    coalesce(run.first_event_at, child.first_event_at) AS first_event_at,
    coalesce(run.last_event_at, child.last_event_at) AS last_event_at,
    run.first_event_at IS NOT NULL AS has_events,
    run.parent_run_id AS parent_id
FROM lineage_store.runs AS run
LEFT JOIN lineage_store.jobs AS job ON job.id = run.job_id
LEFT JOIN lineage_store.runs AS above ON above.id = run.parent_run_id
LEFT JOIN lineage_store.jobs AS parent ON parent.id = above.job_id
LEFT JOIN LATERAL (
    SELECT
        (array_agg(lineage_store.state(each) ORDER BY each.last_event_at DESC, each.id))[1] AS state,
        min(each.started_at) AS started_at, max(each.ended_at) AS ended_at,
        min(each.first_event_at) AS first_event_at, max(each.last_event_at) AS last_event_at
    FROM lineage_store.runs AS each
    WHERE run.first_event_at IS NULL
      AND coalesce(each.parent_run_id, each.upstream_run_id, each.id) = run.id
      AND each.parent_run_id = run.id
) AS child ON true
CROSS JOIN LATERAL (SELECT lineage_api.job_name(job.name, parent.name)) AS named (name);
COMMENT ON VIEW lineage_api.runs IS 'Runs, with the names that the API has for their jobs.';

-- What runs read and wrote.
CREATE OR REPLACE VIEW lineage_api.run_io AS
SELECT io.run_id AS id, io.dataset_id, dataset.key, dataset.namespace, dataset.name, io.is_output
FROM lineage_store.run_io AS io
JOIN lineage_store.datasets AS dataset ON dataset.id = io.dataset_id;

-- The events of runs, as they were sent.
CREATE OR REPLACE VIEW lineage_api.run_events AS
SELECT
    event.run_id AS id, event.event_time, event.hash, event.event_type,
    event.bodies[event.place] AS body
FROM lineage_store.packed_events AS event
WHERE event.run_id <> '00000000-0000-0000-0000-000000000000';

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
