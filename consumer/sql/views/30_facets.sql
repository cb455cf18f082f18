-- The facets that hold now: of each name the one with the latest eventTime.

-- Those of runs are read from the run's events.
CREATE OR REPLACE VIEW lineage.run_facets AS
SELECT lineage_store.run_id(run) AS run_id, facet.name, facet.facet, facet.event_time
FROM lineage_store.runs AS run
CROSS JOIN LATERAL (
    SELECT DISTINCT ON (facet.name) facet.name, facet.member AS facet, event.event_time
    FROM lineage_store.packed_events AS event
    CROSS JOIN LATERAL lineage_store.members(
        event.bodies[event.place]::jsonb #> '{run,facets}'
    ) AS facet
    WHERE event.run_id = run.id
      AND event.event_time BETWEEN run.first_event_at AND run.last_event_at
    ORDER BY facet.name, event.event_time DESC, event.hash DESC
) AS facet;
COMMENT ON VIEW lineage.run_facets IS 'The facets of each run, as they stand.';
COMMENT ON COLUMN lineage.run_facets.run_id IS 'The run.';
COMMENT ON COLUMN lineage.run_facets.name IS 'Name of the facet.';
COMMENT ON COLUMN lineage.run_facets.facet IS 'The facet.';
COMMENT ON COLUMN lineage.run_facets.event_time IS 'eventTime of the event it is from.';

CREATE OR REPLACE VIEW lineage.job_facets AS
SELECT
    job.namespace, job.name AS job_name, facet.name, stored.value AS facet,
    facet.last_event_at AS event_time
FROM lineage_store.facet_versions AS facet
JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash
JOIN lineage_store.jobs AS job ON job.id = facet.owner_id
WHERE facet.owner = 'job' AND facet.ended_at IS NULL AND NOT facet.is_deleted;
COMMENT ON VIEW lineage.job_facets IS 'The facets of each job, as they stand.';
COMMENT ON COLUMN lineage.job_facets.namespace IS 'Namespace of the job.';
COMMENT ON COLUMN lineage.job_facets.job_name IS 'Name of the job.';
COMMENT ON COLUMN lineage.job_facets.name IS 'Name of the facet.';
COMMENT ON COLUMN lineage.job_facets.facet IS 'The facet.';
COMMENT ON COLUMN lineage.job_facets.event_time IS 'eventTime of the latest event that says so.';

CREATE OR REPLACE VIEW lineage.dataset_facets AS
SELECT
    dataset.namespace, dataset.name AS dataset_name, facet.name, stored.value AS facet,
    facet.last_event_at AS event_time
FROM lineage_store.facet_versions AS facet
JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash
JOIN lineage_store.datasets AS dataset ON dataset.id = facet.owner_id
WHERE facet.owner = 'dataset' AND facet.ended_at IS NULL AND NOT facet.is_deleted;
COMMENT ON VIEW lineage.dataset_facets IS 'The facets of each dataset, as they stand.';
COMMENT ON COLUMN lineage.dataset_facets.namespace IS 'Namespace of the dataset.';
COMMENT ON COLUMN lineage.dataset_facets.dataset_name IS 'Name of the dataset.';
COMMENT ON COLUMN lineage.dataset_facets.name IS 'Name of the facet.';
COMMENT ON COLUMN lineage.dataset_facets.facet IS 'The facet.';
COMMENT ON COLUMN lineage.dataset_facets.event_time IS 'eventTime of the latest event that says so.';

-- Facets of inputs and of outputs, from the events: of each dataset and name those of the latest
-- event that has one. It may have several, where the dataset stands in it more than once. OFFSET 0:
-- first the events by key, then what is in them, whatever PostgreSQL knows of the tables; else it
-- may read all packs for each run.
CREATE OR REPLACE FUNCTION lineage_store.io_facets(body jsonb)
RETURNS TABLE (namespace text, dataset_name text, name text, facet jsonb, is_output boolean)
LANGUAGE sql IMMUTABLE PARALLEL SAFE BEGIN ATOMIC
    SELECT dataset ->> 'namespace', dataset ->> 'name', facet.name, facet.member, side.is_output
    FROM (VALUES ('inputs', 'inputFacets', false), ('outputs', 'outputFacets', true))
        AS side (name, facets, is_output)
    CROSS JOIN LATERAL lineage_store.elements(body -> side.name) AS dataset
    CROSS JOIN LATERAL lineage_store.members(dataset -> side.facets) AS facet;
END;

CREATE OR REPLACE VIEW lineage_store.io_facets AS
SELECT
    lineage_store.run_id(run) AS run_id,
    job.namespace AS job_namespace, job.name AS job_name, facet.*
FROM lineage_store.runs AS run
LEFT JOIN lineage_store.jobs AS job ON job.id = run.job_id
CROSS JOIN LATERAL (
    SELECT
        facet.*, event.event_time, rank() OVER (
            PARTITION BY facet.namespace, facet.dataset_name, facet.name, facet.is_output
            ORDER BY event.event_time DESC, event.hash DESC
        ) AS place
    FROM (
        SELECT each.event_time, each.hash, each.bodies[each.place]::jsonb AS body
        FROM lineage_store.packed_events AS each
        WHERE each.run_id = run.id
          AND each.event_time BETWEEN run.first_event_at AND run.last_event_at
        OFFSET 0
    ) AS event
    CROSS JOIN LATERAL lineage_store.io_facets(event.body) AS facet
) AS facet
UNION ALL
SELECT NULL, job.namespace, job.name, facet.*
FROM lineage_store.jobs AS job
CROSS JOIN LATERAL (
    SELECT
        facet.*, event.event_time, rank() OVER (
            PARTITION BY facet.namespace, facet.dataset_name, facet.name, facet.is_output
            ORDER BY event.event_time DESC, event.hash DESC
        ) AS place
    FROM (
        SELECT each.event_time, each.hash, each.bodies[each.place]::jsonb AS body
        FROM lineage_store.packed_events AS each
        WHERE each.job_id = job.id AND each.run_id = '00000000-0000-0000-0000-000000000000'
        OFFSET 0
    ) AS event
    CROSS JOIN LATERAL lineage_store.io_facets(event.body) AS facet
) AS facet;

CREATE OR REPLACE VIEW lineage.input_facets AS
SELECT run_id, job_namespace, job_name, namespace, dataset_name, name, facet, event_time
FROM lineage_store.io_facets
WHERE NOT is_output AND place = 1;
COMMENT ON VIEW lineage.input_facets IS 'The inputFacets of each run''s (or job event''s) inputs, as they stand.';
COMMENT ON COLUMN lineage.input_facets.run_id IS 'The run; null where a JobEvent said it.';
COMMENT ON COLUMN lineage.input_facets.job_namespace IS 'Namespace of the job.';
COMMENT ON COLUMN lineage.input_facets.job_name IS 'Name of the job.';
COMMENT ON COLUMN lineage.input_facets.namespace IS 'Namespace of the dataset.';
COMMENT ON COLUMN lineage.input_facets.dataset_name IS 'Name of the dataset.';
COMMENT ON COLUMN lineage.input_facets.name IS 'Name of the facet.';
COMMENT ON COLUMN lineage.input_facets.facet IS 'The facet.';
COMMENT ON COLUMN lineage.input_facets.event_time IS 'eventTime of the event it is from.';

CREATE OR REPLACE VIEW lineage.output_facets AS
SELECT run_id, job_namespace, job_name, namespace, dataset_name, name, facet, event_time
FROM lineage_store.io_facets
WHERE is_output AND place = 1;
COMMENT ON VIEW lineage.output_facets IS 'The outputFacets of each run''s (or job event''s) outputs, as they stand.';
COMMENT ON COLUMN lineage.output_facets.run_id IS 'The run; null where a JobEvent said it.';
COMMENT ON COLUMN lineage.output_facets.job_namespace IS 'Namespace of the job.';
COMMENT ON COLUMN lineage.output_facets.job_name IS 'Name of the job.';
COMMENT ON COLUMN lineage.output_facets.namespace IS 'Namespace of the dataset.';
COMMENT ON COLUMN lineage.output_facets.dataset_name IS 'Name of the dataset.';
COMMENT ON COLUMN lineage.output_facets.name IS 'Name of the facet.';
COMMENT ON COLUMN lineage.output_facets.facet IS 'The facet.';
COMMENT ON COLUMN lineage.output_facets.event_time IS 'eventTime of the event it is from.';
