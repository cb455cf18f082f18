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

-- Each schema that the events of one name told.
CREATE OR REPLACE VIEW lineage_store.schema_versions AS
SELECT
    facet.owner_id, facet.first_event_at, facet.ended_at, facet.is_deleted, facet.last_event_at,
    told.namespace AS told_namespace, told.name AS told_name,
    CASE WHEN NOT facet.is_deleted AND jsonb_typeof(stored.value -> 'fields') = 'array'
         THEN stored.value -> 'fields' ELSE '[]' END AS fields,
    (
        SELECT lineage_store.text_at(value.value, 'datasetVersion')
        FROM lineage_store.facet_versions AS version
        JOIN lineage_store.facet_values AS value ON value.hash = version.value_hash
        WHERE version.owner = 'dataset' AND version.owner_id = facet.owner_id
          AND version.name = 'version' AND version.first_event_at <= facet.last_event_at
        ORDER BY version.first_event_at DESC, version.first_event_hash DESC LIMIT 1
    ) AS dataset_version
FROM lineage_store.facet_versions AS facet
JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash
JOIN lineage_store.datasets AS told ON told.id = facet.owner_id
WHERE facet.owner = 'dataset' AND facet.name = 'schema';

-- In two parts: 11_names.sql says why.
CREATE OR REPLACE VIEW lineage_store.named_versions AS
SELECT dataset.*, facet.*
FROM lineage_store.schema_versions AS facet
JOIN lineage_store.lone_names AS dataset ON dataset.dataset_id = facet.owner_id
UNION ALL
SELECT dataset.*, facet.*
FROM lineage_store.schema_versions AS facet
JOIN lineage_store.joined_names AS dataset ON dataset.dataset_id = facet.owner_id;

CREATE OR REPLACE VIEW lineage.dataset_versions AS
SELECT
    version.namespace, version.name, version.first_event_at AS valid_from,
    version.ended_at AS valid_to, version.fields, version.dataset_version, version.is_deleted,
    version.last_event_at, version.told_namespace, version.told_name,
    version.main_namespace, version.main_name, version.is_main
FROM lineage_store.named_versions AS version;
COMMENT ON VIEW lineage.dataset_versions IS 'How the schema of each dataset changed: a row for each time that one held (facet schema). A dataset that has several names has its rows under each; WHERE is_main: under one.';
COMMENT ON COLUMN lineage.dataset_versions.namespace IS 'Namespace of this name of the dataset.';
COMMENT ON COLUMN lineage.dataset_versions.name IS 'This name; whichever of them an event used.';
COMMENT ON COLUMN lineage.dataset_versions.valid_from IS 'eventTime of the first event that says so.';
COMMENT ON COLUMN lineage.dataset_versions.valid_to IS 'eventTime of the first event that says otherwise; null: it holds now.';
COMMENT ON COLUMN lineage.dataset_versions.fields IS 'The fields, as the facet has them: [{name, type, description, fields}].';
COMMENT ON COLUMN lineage.dataset_versions.dataset_version IS 'datasetVersion of facet version, the latest while this schema held.';
COMMENT ON COLUMN lineage.dataset_versions.is_deleted IS 'Whether the facet was deleted: nothing is known of the fields then.';
COMMENT ON COLUMN lineage.dataset_versions.last_event_at IS 'eventTime of the latest event that says so.';
COMMENT ON COLUMN lineage.dataset_versions.told_namespace IS 'Namespace of the name that the events used.';
COMMENT ON COLUMN lineage.dataset_versions.told_name IS 'The name that the events used. Of names that are used at once each has its own history: valid_to is the next version under the same.';
COMMENT ON COLUMN lineage.dataset_versions.main_namespace IS 'Namespace of the dataset''s main name.';
COMMENT ON COLUMN lineage.dataset_versions.main_name IS 'The dataset''s main name (lineage.dataset_names).';
COMMENT ON COLUMN lineage.dataset_versions.is_main IS 'Whether namespace and name are the main name: WHERE is_main is each version once.';
