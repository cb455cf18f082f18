-- The edges of columnLineage facets that were never seen before.
INSERT INTO lineage_store.column_edges (
    value_hash, field, input_dataset_id, input_field, type, subtype, description, masking
)
SELECT batch.* FROM unnest(
    %(value_hash)s::uuid[], %(field)s::text[], %(input_dataset_id)s::bigint[],
    %(input_field)s::text[], %(type)s::text[], %(subtype)s::text[], %(description)s::text[],
    %(masking)s::boolean[]
) AS batch (value_hash, field, input_dataset_id, input_field, type, subtype, description, masking)
WHERE NOT EXISTS (
    SELECT FROM lineage_store.column_edges AS known WHERE known.value_hash = batch.value_hash
)
