-- The edges of columnLineage facets that were never seen before.
INSERT INTO lineage_store.column_edges (
    value_hash, field, input_dataset_id, input_field, type, subtype, description, masking
)
SELECT batch.* FROM unnest(
    %(value_hash)b::uuid[], %(field)b::text[], %(input_dataset_id)b::bigint[],
    %(input_field)b::text[], %(type)b::text[], %(subtype)b::text[], %(description)b::text[],
    %(masking)b::boolean[]
) AS batch (value_hash, field, input_dataset_id, input_field, type, subtype, description, masking)
WHERE NOT EXISTS (
    SELECT FROM lineage_store.column_edges AS known WHERE known.value_hash = batch.value_hash
)
