-- The facets that hold now: of each name the one with the latest eventTime.

CREATE OR REPLACE VIEW lineage.run_facets AS
SELECT run.run_id, facet.name, stored.value AS facet, facet.event_time
FROM lineage_store.facets AS facet
JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash
JOIN lineage_store.runs AS run ON run.id = facet.owner_id
WHERE facet.owner = 'run';
COMMENT ON VIEW lineage.run_facets IS 'The facets of each run, as they stand.';
COMMENT ON COLUMN lineage.run_facets.run_id IS 'The run.';
COMMENT ON COLUMN lineage.run_facets.name IS 'Name of the facet.';
COMMENT ON COLUMN lineage.run_facets.facet IS 'The facet.';
COMMENT ON COLUMN lineage.run_facets.event_time IS 'eventTime of the event it is from.';

CREATE OR REPLACE VIEW lineage.job_facets AS
SELECT job.namespace, job.name AS job_name, facet.name, stored.value AS facet, facet.event_time
FROM lineage_store.facets AS facet
JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash
JOIN lineage_store.jobs AS job ON job.id = facet.owner_id
WHERE facet.owner = 'job' AND NOT facet.is_deleted;
COMMENT ON VIEW lineage.job_facets IS 'The facets of each job, as they stand.';
COMMENT ON COLUMN lineage.job_facets.namespace IS 'Namespace of the job.';
COMMENT ON COLUMN lineage.job_facets.job_name IS 'Name of the job.';
COMMENT ON COLUMN lineage.job_facets.name IS 'Name of the facet.';
COMMENT ON COLUMN lineage.job_facets.facet IS 'The facet.';
COMMENT ON COLUMN lineage.job_facets.event_time IS 'eventTime of the event it is from.';

CREATE OR REPLACE VIEW lineage.dataset_facets AS
SELECT
    dataset.namespace, dataset.name AS dataset_name, facet.name, stored.value AS facet,
    facet.event_time
FROM lineage_store.facets AS facet
JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash
JOIN lineage_store.datasets AS dataset ON dataset.id = facet.owner_id
WHERE facet.owner = 'dataset' AND NOT facet.is_deleted;
COMMENT ON VIEW lineage.dataset_facets IS 'The facets of each dataset, as they stand.';
COMMENT ON COLUMN lineage.dataset_facets.namespace IS 'Namespace of the dataset.';
COMMENT ON COLUMN lineage.dataset_facets.dataset_name IS 'Name of the dataset.';
COMMENT ON COLUMN lineage.dataset_facets.name IS 'Name of the facet.';
COMMENT ON COLUMN lineage.dataset_facets.facet IS 'The facet.';
COMMENT ON COLUMN lineage.dataset_facets.event_time IS 'eventTime of the event it is from.';

-- Facets of inputs and of outputs, those of runs' events and of job events together.
CREATE OR REPLACE VIEW lineage_store.io_facets AS
SELECT
    run.run_id, job.namespace AS job_namespace, job.name AS job_name,
    dataset.namespace, dataset.name AS dataset_name,
    facet.name, stored.value AS facet, facet.event_time,
    coalesce(run_io.is_output, job_io.is_output) AS is_output
FROM lineage_store.facets AS facet
JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash
LEFT JOIN lineage_store.run_io AS run_io ON facet.owner = 'run_io' AND run_io.id = facet.owner_id
LEFT JOIN lineage_store.job_io AS job_io ON facet.owner = 'job_io' AND job_io.id = facet.owner_id
LEFT JOIN lineage_store.runs AS run ON run.id = run_io.run_id
LEFT JOIN lineage_store.jobs AS job ON job.id = coalesce(job_io.job_id, run.job_id)
JOIN lineage_store.datasets AS dataset
    ON dataset.id = coalesce(run_io.dataset_id, job_io.dataset_id)
WHERE facet.owner IN ('run_io', 'job_io');

CREATE OR REPLACE VIEW lineage.input_facets AS
SELECT run_id, job_namespace, job_name, namespace, dataset_name, name, facet, event_time
FROM lineage_store.io_facets
WHERE NOT is_output;
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
WHERE is_output;
COMMENT ON VIEW lineage.output_facets IS 'The outputFacets of each run''s (or job event''s) outputs, as they stand.';
COMMENT ON COLUMN lineage.output_facets.run_id IS 'The run; null where a JobEvent said it.';
COMMENT ON COLUMN lineage.output_facets.job_namespace IS 'Namespace of the job.';
COMMENT ON COLUMN lineage.output_facets.job_name IS 'Name of the job.';
COMMENT ON COLUMN lineage.output_facets.namespace IS 'Namespace of the dataset.';
COMMENT ON COLUMN lineage.output_facets.dataset_name IS 'Name of the dataset.';
COMMENT ON COLUMN lineage.output_facets.name IS 'Name of the facet.';
COMMENT ON COLUMN lineage.output_facets.facet IS 'The facet.';
COMMENT ON COLUMN lineage.output_facets.event_time IS 'eventTime of the event it is from.';
