-- The columns of a table that can be written, and those of the store's own types, by their name.
SELECT
    attribute.attname::text,
    CASE WHEN type.typnamespace = 'lineage_store'::regnamespace
        THEN format_type(attribute.atttypid, attribute.atttypmod) END
FROM pg_attribute AS attribute
JOIN pg_type AS type ON type.oid = attribute.atttypid
WHERE attribute.attrelid = %(table)s::regclass
  AND attribute.attnum > 0 AND NOT attribute.attisdropped
  AND attribute.attidentity = '' AND attribute.attgenerated = ''
ORDER BY attribute.attnum
