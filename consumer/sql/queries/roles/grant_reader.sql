-- All that is in schema lineage, also what later versions add to it, and nothing else.
GRANT USAGE ON SCHEMA lineage TO {role};
GRANT SELECT ON ALL TABLES IN SCHEMA lineage TO {role};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA lineage TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA lineage GRANT SELECT ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA lineage GRANT EXECUTE ON FUNCTIONS TO {role}
