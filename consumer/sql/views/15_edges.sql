-- The facets that hold now, as other views read them.

-- The facets of jobs and datasets that hold now.
CREATE OR REPLACE VIEW lineage_store.current_facets AS
SELECT facet.owner, facet.owner_id, facet.name, facet.value_hash, stored.value
FROM lineage_store.facet_versions AS facet
JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash
WHERE facet.ended_at IS NULL AND NOT facet.is_deleted;

-- The schema that each dataset's name has now, by the hash of the facet's value.
CREATE OR REPLACE VIEW lineage_store.dataset_schemas AS
SELECT owner_id AS dataset_id, value_hash
FROM lineage_store.facet_versions
WHERE owner = 'dataset' AND name = 'schema' AND ended_at IS NULL AND NOT is_deleted;
