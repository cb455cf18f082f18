-- What a facet stated holds until the facet is deleted; what is stated later holds again.
WITH statement AS (
    SELECT known.*
    FROM unnest(%(owner_id)b::bigint[], %(facet)b::text[]) AS batch (owner_id, facet)
    JOIN lineage_store.facet_statements AS known USING (owner_id, facet)
    WHERE known.deleted_at IS NOT NULL AND facet IN ('lineage', 'columnLineage')
),
edge AS (
    UPDATE lineage_store.edges AS edge
    SET is_withdrawn = edge.last_event_at <= statement.deleted_at
    FROM statement
    WHERE edge.stated_by = statement.owner_id AND edge.kind IN ('lineage', 'columns')
      AND edge.kind = CASE facet WHEN 'lineage' THEN 'lineage' ELSE 'columns' END
          ::lineage_store.edge_kind
      AND edge.is_withdrawn <> (edge.last_event_at <= statement.deleted_at)
)
UPDATE lineage_store.column_lineage AS said
SET is_deleted = said.event_time <= statement.deleted_at
FROM statement
WHERE statement.facet = 'lineage' AND said.facet = 'lineage'
  AND (said.job_id = statement.owner_id
       OR said.job_id = 0 AND said.dataset_id = statement.owner_id)
  AND said.is_deleted <> (said.event_time <= statement.deleted_at)
