-- All that `run`, `status` and `rejected` need, also of what later versions add.
GRANT USAGE ON SCHEMA lineage_store TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA lineage_store TO {role};
REVOKE INSERT, UPDATE, DELETE ON lineage_store.migrations, lineage_store.views FROM {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA lineage_store TO {role};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA lineage_store TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA lineage_store
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA lineage_store GRANT USAGE, SELECT ON SEQUENCES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA lineage_store GRANT EXECUTE ON FUNCTIONS TO {role}
