-- The edges between columns that facets state.
INSERT INTO lineage_store.column_edges (
    value_hash, field, input_dataset_id, input_field, type, subtype, description, masking
)
SELECT * FROM unnest(
    %(value_hash)b::uuid[], %(field)b::text[], %(input_dataset_id)b::bigint[],
    %(input_field)b::text[], %(type)b::text[], %(subtype)b::text[], %(description)b::text[],
    %(masking)b::boolean[]
)
