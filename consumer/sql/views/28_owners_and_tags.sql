-- Owners and tags of jobs and datasets, as their facets stand.

CREATE OR REPLACE VIEW lineage_store.named_facets AS
SELECT
    'job' AS kind, job.namespace, job.name, facet.name AS facet_name, stored.value AS facet,
    facet.last_event_at AS event_time
FROM lineage_store.jobs AS job
JOIN lineage_store.facet_versions AS facet
    ON facet.owner = 'job' AND facet.owner_id = job.id
   AND facet.ended_at IS NULL AND NOT facet.is_deleted
JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash
UNION ALL
SELECT
    'dataset', dataset.namespace, dataset.name, facet.name, stored.value, facet.last_event_at
FROM lineage_store.datasets AS dataset
JOIN lineage_store.facet_versions AS facet
    ON facet.owner = 'dataset' AND facet.owner_id = dataset.id
   AND facet.ended_at IS NULL AND NOT facet.is_deleted
JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash;

CREATE OR REPLACE VIEW lineage.owners AS
SELECT
    facet.kind, facet.namespace, facet.name,
    lineage_store.text_at(owner, 'name') AS owner,
    lineage_store.text_at(owner, 'type') AS type,
    facet.event_time
FROM lineage_store.named_facets AS facet
CROSS JOIN LATERAL lineage_store.elements(facet.facet -> 'owners') AS owner
WHERE facet.facet_name = 'ownership';
COMMENT ON VIEW lineage.owners IS 'Who owns jobs and datasets (facet ownership).';
COMMENT ON COLUMN lineage.owners.kind IS 'job or dataset.';
COMMENT ON COLUMN lineage.owners.namespace IS 'Namespace of the job or dataset.';
COMMENT ON COLUMN lineage.owners.name IS 'Name of the job or dataset.';
COMMENT ON COLUMN lineage.owners.owner IS 'The owner: the facet''s member name.';
COMMENT ON COLUMN lineage.owners.type IS 'Kind of ownership, as the producer wrote it.';
COMMENT ON COLUMN lineage.owners.event_time IS 'eventTime of the latest event that says so.';

CREATE OR REPLACE VIEW lineage.tags AS
SELECT
    facet.kind, facet.namespace, facet.name,
    lineage_store.text_at(tag, 'key') AS key,
    lineage_store.text_at(tag, 'value') AS value,
    lineage_store.text_at(tag, 'source') AS source,
    lineage_store.text_at(tag, 'field') AS field,
    facet.event_time
FROM lineage_store.named_facets AS facet
CROSS JOIN LATERAL lineage_store.elements(facet.facet -> 'tags') AS tag
WHERE facet.facet_name = 'tags';
COMMENT ON VIEW lineage.tags IS 'Tags of jobs and datasets (facet tags); those of runs are in lineage.run_facets.';
COMMENT ON COLUMN lineage.tags.kind IS 'job or dataset.';
COMMENT ON COLUMN lineage.tags.namespace IS 'Namespace of the job or dataset.';
COMMENT ON COLUMN lineage.tags.name IS 'Name of the job or dataset.';
COMMENT ON COLUMN lineage.tags.key IS 'Key of the tag.';
COMMENT ON COLUMN lineage.tags.value IS 'Value of the tag.';
COMMENT ON COLUMN lineage.tags.source IS 'Who set it, as the producer wrote it.';
COMMENT ON COLUMN lineage.tags.field IS 'The field of the dataset that it is of; null where it is of the whole.';
COMMENT ON COLUMN lineage.tags.event_time IS 'eventTime of the latest event that says so.';
