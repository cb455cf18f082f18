-- Which server this is, who asks, and what that role may do with the store; false where there is
-- no store yet.
SELECT
    current_setting('server_version') AS version,
    current_user::text AS role,
    coalesce(
        has_schema_privilege(events.relnamespace, 'USAGE')
            AND has_table_privilege(events.oid, 'INSERT'),
        false
    ) AS may_write,
    coalesce(
        pg_has_role(events.relowner, 'USAGE')
            AND has_schema_privilege(events.relnamespace, 'CREATE'),
        false
    ) AS is_owner
FROM (SELECT 1) AS one
LEFT JOIN (
    SELECT class.oid, class.relowner, class.relnamespace
    FROM pg_class AS class
    JOIN pg_namespace AS space ON space.oid = class.relnamespace
    WHERE space.nspname = 'lineage_store' AND class.relname = 'events'
) AS events ON true
