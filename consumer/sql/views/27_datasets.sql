-- Datasets and their schemas.

CREATE OR REPLACE VIEW lineage.datasets AS
SELECT dataset.namespace, dataset.name, dataset.description
FROM lineage_store.datasets AS dataset;
COMMENT ON VIEW lineage.datasets IS 'Every dataset, also those named only in column lineage.';
COMMENT ON COLUMN lineage.datasets.namespace IS 'dataset.namespace.';
COMMENT ON COLUMN lineage.datasets.name IS 'dataset.name.';
COMMENT ON COLUMN lineage.datasets.description IS 'Facet documentation.';

CREATE OR REPLACE VIEW lineage.dataset_fields AS
SELECT
    dataset.namespace, dataset.name,
    field.position::integer AS position,
    lineage_store.text_at(field.value, 'name') AS field,
    lineage_store.text_at(field.value, 'type') AS type,
    lineage_store.text_at(field.value, 'description') AS description
FROM lineage_store.datasets AS dataset
JOIN lineage_store.facet_versions AS facet
    ON facet.owner = 'dataset' AND facet.owner_id = dataset.id AND facet.name = 'schema'
   AND facet.ended_at IS NULL AND NOT facet.is_deleted
JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash
CROSS JOIN LATERAL jsonb_array_elements(
    CASE WHEN jsonb_typeof(stored.value -> 'fields') = 'array'
         THEN stored.value -> 'fields' ELSE '[]' END
) WITH ORDINALITY AS field (value, position);
COMMENT ON VIEW lineage.dataset_fields IS 'The fields of each dataset''s schema facet as it stands; nested fields are in lineage.dataset_facets.';
COMMENT ON COLUMN lineage.dataset_fields.namespace IS 'Namespace of the dataset.';
COMMENT ON COLUMN lineage.dataset_fields.name IS 'Name of the dataset.';
COMMENT ON COLUMN lineage.dataset_fields.position IS 'Place in the schema, from 1.';
COMMENT ON COLUMN lineage.dataset_fields.field IS 'Name of the field.';
COMMENT ON COLUMN lineage.dataset_fields.type IS 'Type of the field, as the producer wrote it.';
COMMENT ON COLUMN lineage.dataset_fields.description IS 'Description of the field.';

CREATE OR REPLACE VIEW lineage.dataset_versions AS
SELECT
    dataset.namespace, dataset.name,
    facet.first_event_at AS valid_from,
    facet.ended_at AS valid_to,
    CASE WHEN NOT facet.is_deleted AND jsonb_typeof(stored.value -> 'fields') = 'array'
         THEN stored.value -> 'fields' ELSE '[]' END AS fields,
    (
        SELECT lineage_store.text_at(value.value, 'datasetVersion')
        FROM lineage_store.facet_versions AS version
        JOIN lineage_store.facet_values AS value ON value.hash = version.value_hash
        WHERE version.owner = 'dataset' AND version.owner_id = dataset.id
          AND version.name = 'version' AND version.first_event_at <= facet.last_event_at
        ORDER BY version.first_event_at DESC, version.first_event_hash DESC LIMIT 1
    ) AS dataset_version,
    facet.is_deleted,
    facet.last_event_at
FROM lineage_store.datasets AS dataset
JOIN lineage_store.facet_versions AS facet
    ON facet.owner = 'dataset' AND facet.owner_id = dataset.id AND facet.name = 'schema'
JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash;
COMMENT ON VIEW lineage.dataset_versions IS 'How the schema of each dataset changed: a row for each time that one held (facet schema).';
COMMENT ON COLUMN lineage.dataset_versions.namespace IS 'Namespace of the dataset.';
COMMENT ON COLUMN lineage.dataset_versions.name IS 'Name of the dataset.';
COMMENT ON COLUMN lineage.dataset_versions.valid_from IS 'eventTime of the first event that says so.';
COMMENT ON COLUMN lineage.dataset_versions.valid_to IS 'eventTime of the first event that says otherwise; null: it holds now.';
COMMENT ON COLUMN lineage.dataset_versions.fields IS 'The fields, as the facet has them: [{name, type, description, fields}].';
COMMENT ON COLUMN lineage.dataset_versions.dataset_version IS 'datasetVersion of facet version, the latest while this schema held.';
COMMENT ON COLUMN lineage.dataset_versions.is_deleted IS 'Whether the facet was deleted: nothing is known of the fields then.';
COMMENT ON COLUMN lineage.dataset_versions.last_event_at IS 'eventTime of the latest event that says so.';
