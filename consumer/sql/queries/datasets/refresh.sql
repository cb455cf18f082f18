-- Set the columns of datasets that come from their facets as they stand.
WITH change AS (
    SELECT given.id, max(lineage_store.text_at(stored.value, 'description')) AS description
    FROM unnest(%(ids)b::bigint[]) AS given (id)
    LEFT JOIN lineage_store.facet_versions AS facet
        ON facet.owner = 'dataset' AND facet.owner_id = given.id
       AND facet.name = 'documentation' AND facet.ended_at IS NULL AND NOT facet.is_deleted
    LEFT JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash
    GROUP BY given.id
)
UPDATE lineage_store.datasets AS dataset
SET description = change.description
FROM change
WHERE dataset.id = change.id AND dataset.description IS DISTINCT FROM change.description
