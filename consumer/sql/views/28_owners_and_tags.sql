-- Owners and tags of jobs and datasets, as their facets stand.

-- Datasets in two parts: 11_names.sql says why.
CREATE OR REPLACE VIEW lineage_store.named_facets AS
SELECT
    'job' AS kind, job.namespace, job.name, facet.name AS facet_name, stored.value AS facet,
    facet.last_event_at AS event_time,
    job.namespace AS main_namespace, job.name AS main_name, true AS is_main
FROM lineage_store.jobs AS job
JOIN lineage_store.facet_versions AS facet
    ON facet.owner = 'job' AND facet.owner_id = job.id
   AND facet.ended_at IS NULL AND NOT facet.is_deleted
JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash
UNION ALL
SELECT
    'dataset', dataset.namespace, dataset.name, facet.name, stored.value, facet.last_event_at,
    dataset.main_namespace, dataset.main_name, dataset.is_main
FROM lineage_store.lone_names AS dataset
JOIN lineage_store.facet_versions AS facet
    ON facet.owner = 'dataset' AND facet.owner_id = dataset.dataset_id
   AND facet.ended_at IS NULL AND NOT facet.is_deleted
JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash
UNION ALL
SELECT
    'dataset', dataset.namespace, dataset.name, facet.name, stored.value, facet.last_event_at,
    dataset.main_namespace, dataset.main_name, dataset.is_main
FROM lineage_store.joined_names AS dataset
JOIN lineage_store.facet_versions AS facet
    ON facet.owner = 'dataset' AND facet.owner_id = dataset.dataset_id
   AND facet.ended_at IS NULL AND NOT facet.is_deleted
JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash;

CREATE OR REPLACE VIEW lineage.owners AS
SELECT
    facet.kind, facet.namespace, facet.name,
    lineage_store.text_at(owner, 'name') AS owner,
    lineage_store.text_at(owner, 'type') AS type,
    facet.event_time, facet.main_namespace, facet.main_name, facet.is_main
FROM lineage_store.named_facets AS facet
CROSS JOIN LATERAL lineage_store.elements(facet.facet -> 'owners') AS owner
WHERE facet.facet_name = 'ownership';
COMMENT ON VIEW lineage.owners IS 'Who owns jobs and datasets (facet ownership). A dataset that has several names has its owners under each; WHERE is_main: under one.';
COMMENT ON COLUMN lineage.owners.kind IS 'job or dataset.';
COMMENT ON COLUMN lineage.owners.namespace IS 'Namespace of the job, or of this name of the dataset.';
COMMENT ON COLUMN lineage.owners.name IS 'Name of the job, or this name of the dataset; whichever of them the event used.';
COMMENT ON COLUMN lineage.owners.owner IS 'The owner: the facet''s member name.';
COMMENT ON COLUMN lineage.owners.type IS 'Kind of ownership, as the producer wrote it.';
COMMENT ON COLUMN lineage.owners.event_time IS 'eventTime of the latest event that says so.';
COMMENT ON COLUMN lineage.owners.main_namespace IS 'Namespace of the dataset''s main name; of a job its own.';
COMMENT ON COLUMN lineage.owners.main_name IS 'The dataset''s main name (lineage.dataset_names); of a job its own.';
COMMENT ON COLUMN lineage.owners.is_main IS 'Whether namespace and name are the main name: WHERE is_main is each owner once.';

CREATE OR REPLACE VIEW lineage.tags AS
SELECT
    facet.kind, facet.namespace, facet.name,
    lineage_store.text_at(tag, 'key') AS key,
    lineage_store.text_at(tag, 'value') AS value,
    lineage_store.text_at(tag, 'source') AS source,
    lineage_store.text_at(tag, 'field') AS field,
    facet.event_time, facet.main_namespace, facet.main_name, facet.is_main
FROM lineage_store.named_facets AS facet
CROSS JOIN LATERAL lineage_store.elements(facet.facet -> 'tags') AS tag
WHERE facet.facet_name = 'tags';
COMMENT ON VIEW lineage.tags IS 'Tags of jobs and datasets (facet tags); those of runs are in lineage.run_facets. A dataset that has several names has its tags under each; WHERE is_main: under one.';
COMMENT ON COLUMN lineage.tags.kind IS 'job or dataset.';
COMMENT ON COLUMN lineage.tags.namespace IS 'Namespace of the job, or of this name of the dataset.';
COMMENT ON COLUMN lineage.tags.name IS 'Name of the job, or this name of the dataset; whichever of them the event used.';
COMMENT ON COLUMN lineage.tags.key IS 'Key of the tag.';
COMMENT ON COLUMN lineage.tags.value IS 'Value of the tag.';
COMMENT ON COLUMN lineage.tags.source IS 'Who set it, as the producer wrote it.';
COMMENT ON COLUMN lineage.tags.field IS 'The field of the dataset that it is of; null where it is of the whole.';
COMMENT ON COLUMN lineage.tags.event_time IS 'eventTime of the latest event that says so.';
COMMENT ON COLUMN lineage.tags.main_namespace IS 'Namespace of the dataset''s main name; of a job its own.';
COMMENT ON COLUMN lineage.tags.main_name IS 'The dataset''s main name (lineage.dataset_names); of a job its own.';
COMMENT ON COLUMN lineage.tags.is_main IS 'Whether namespace and name are the main name: WHERE is_main is each tag once.';
