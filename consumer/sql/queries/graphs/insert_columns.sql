-- The columns that facets name.
INSERT INTO lineage_store.facet_columns (value_hash, field)
SELECT * FROM unnest(%(value_hash)b::uuid[], %(field)b::text[])
