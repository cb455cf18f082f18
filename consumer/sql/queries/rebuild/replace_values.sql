-- Rows that follow from a facet's value, for those values that were derived and have other rows.
WITH rows AS (
    SELECT old.value_hash, false AS is_new, ROW ({old_columns})::text AS content
    FROM {live} AS old
    WHERE old.value_hash IN (
        SELECT graph.value_hash FROM lineage_rebuild.facet_graphs AS graph WHERE graph.part = {part}
    )
    UNION ALL
    SELECT new.value_hash, true, ROW ({new_columns})::text FROM {new} AS new
),
changed AS (
    SELECT value_hash
    FROM rows
    GROUP BY value_hash
    HAVING array_agg(content ORDER BY content) FILTER (WHERE is_new)
        IS DISTINCT FROM array_agg(content ORDER BY content) FILTER (WHERE NOT is_new)
),
gone AS (
    DELETE FROM {live} AS old USING changed WHERE old.value_hash = changed.value_hash
)
INSERT INTO {live} ({columns})
SELECT {new_columns} FROM {new} AS new JOIN changed USING (value_hash)
