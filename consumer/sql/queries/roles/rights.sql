-- Which server this is, who asks, and what that role may do with the store; false where there is
-- no store yet. lacks: the first of what a consumer needs a right on that it has not.
WITH needed AS (
    SELECT class.oid::regclass::text AS name,
        CASE WHEN class.relkind = 'S' THEN has_sequence_privilege(class.oid, 'USAGE')
            WHEN space.nspname = 'lineage' OR class.relname IN ('migrations', 'views')
            THEN has_table_privilege(class.oid, 'SELECT')
            ELSE has_table_privilege(class.oid, 'SELECT')
                AND has_table_privilege(class.oid, 'INSERT')
                AND has_table_privilege(class.oid, 'UPDATE')
                AND has_table_privilege(class.oid, 'DELETE')
        END AS is_granted
    FROM pg_class AS class
    JOIN pg_namespace AS space ON space.oid = class.relnamespace
    WHERE (
            space.nspname = 'lineage_store' AND class.relkind IN ('r', 'p', 'S')
            OR space.nspname = 'lineage' AND class.relkind = 'v'
        )
      AND NOT class.relispartition -- rows of partitions are reached through their table
    UNION ALL
    SELECT 'schema ' || nspname, has_schema_privilege(oid, 'USAGE')
    FROM pg_namespace WHERE nspname IN ('lineage', 'lineage_store')
)
SELECT
    current_setting('server_version') AS version,
    current_user::text AS role,
    (SELECT min(name) FROM needed WHERE NOT is_granted) AS lacks,
    coalesce(
        pg_has_role(events.relowner, 'USAGE')
            AND has_schema_privilege(events.relnamespace, 'CREATE'),
        false
    ) AS is_owner
FROM (SELECT 1) AS one
LEFT JOIN (
    SELECT class.relowner, class.relnamespace
    FROM pg_class AS class
    JOIN pg_namespace AS space ON space.oid = class.relnamespace
    WHERE space.nspname = 'lineage_store' AND class.relname = 'events'
) AS events ON true
