-- Jobs, and what they read and wrote.

CREATE OR REPLACE VIEW lineage.jobs AS
SELECT
    job.namespace, job.name, job.job_type, job.integration, job.processing_type,
    job.description, job.sql,
    latest.run_id AS latest_run_id, latest.state AS latest_state,
    latest.started_at AS latest_started_at, latest.last_event_at AS latest_event_at
FROM lineage_store.jobs AS job
LEFT JOIN LATERAL (
    SELECT
        lineage_store.run_id(run) AS run_id, lineage_store.state(run) AS state,
        run.started_at, run.last_event_at
    FROM lineage_store.runs AS run
    WHERE run.job_id = job.id AND run.first_event_at IS NOT NULL
    ORDER BY run.first_event_at DESC, run.id DESC LIMIT 1
) AS latest ON true;
COMMENT ON VIEW lineage.jobs IS 'Every job.';
COMMENT ON COLUMN lineage.jobs.namespace IS 'job.namespace.';
COMMENT ON COLUMN lineage.jobs.name IS 'job.name.';
COMMENT ON COLUMN lineage.jobs.job_type IS 'Facet jobType: DAG, TASK, QUERY, MODEL, ...';
COMMENT ON COLUMN lineage.jobs.integration IS 'Facet jobType: AIRFLOW, DBT, SPARK, ...';
COMMENT ON COLUMN lineage.jobs.processing_type IS 'Facet jobType: BATCH or STREAMING.';
COMMENT ON COLUMN lineage.jobs.description IS 'Facet documentation.';
COMMENT ON COLUMN lineage.jobs.sql IS 'Facet sql: the query.';
COMMENT ON COLUMN lineage.jobs.latest_run_id IS 'The latest run: the one whose first event is the latest, whether or not it sent a START.';
COMMENT ON COLUMN lineage.jobs.latest_state IS 'State of that run.';
COMMENT ON COLUMN lineage.jobs.latest_started_at IS 'Start of that run; null where it sent no START.';
COMMENT ON COLUMN lineage.jobs.latest_event_at IS 'Latest eventTime of that run.';

-- In two parts, since an index leads to an edge from either of its ends.
CREATE OR REPLACE VIEW lineage.job_datasets AS
SELECT
    job.namespace AS job_namespace, job.name AS job_name,
    'output' AS direction,
    dataset.namespace AS dataset_namespace, dataset.name AS dataset_name,
    edge.first_event_at, edge.last_event_at
FROM lineage_store.edges AS edge
JOIN lineage_store.jobs AS job ON job.id = edge.from_id
JOIN lineage_store.datasets AS dataset ON dataset.id = edge.to_id
WHERE edge.kind = 'output'
UNION ALL
SELECT
    job.namespace, job.name, 'input', dataset.namespace, dataset.name,
    edge.first_event_at, edge.last_event_at
FROM lineage_store.edges AS edge
JOIN lineage_store.jobs AS job ON job.id = edge.to_id
JOIN lineage_store.datasets AS dataset ON dataset.id = edge.from_id
WHERE edge.kind = 'input';
COMMENT ON VIEW lineage.job_datasets IS 'The edges of the lineage graph: what jobs read and wrote in any run or job event.';
COMMENT ON COLUMN lineage.job_datasets.job_namespace IS 'Namespace of the job.';
COMMENT ON COLUMN lineage.job_datasets.job_name IS 'Name of the job.';
COMMENT ON COLUMN lineage.job_datasets.direction IS 'input (the job reads the dataset) or output (it writes it).';
COMMENT ON COLUMN lineage.job_datasets.dataset_namespace IS 'Namespace of the dataset.';
COMMENT ON COLUMN lineage.job_datasets.dataset_name IS 'Name of the dataset.';
COMMENT ON COLUMN lineage.job_datasets.first_event_at IS 'Earliest eventTime that told of the edge.';
COMMENT ON COLUMN lineage.job_datasets.last_event_at IS 'Latest eventTime that told of the edge.';
