-- lineage: what users query; lineage_api: what the API reads beside it; lineage_store: tables, and the
-- records of migrations.
DO $$
BEGIN
    IF to_regclass('lineage_store.migrations') IS NULL THEN
        CREATE SCHEMA IF NOT EXISTS lineage_store;
        CREATE SCHEMA IF NOT EXISTS lineage;
        COMMENT ON SCHEMA lineage IS 'Lineage of OpenLineage events, to be queried; docs/sql.md.';
        COMMENT ON SCHEMA lineage_store IS 'Tables behind schema lineage; they may change.';
        CREATE TABLE lineage_store.migrations (
            version integer PRIMARY KEY,
            name text NOT NULL,
            hash uuid NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE lineage_store.views (
            is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
            hash uuid NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now()
        );
    END IF;
    IF to_regnamespace('lineage_api') IS NULL THEN
        CREATE SCHEMA lineage_api;
        COMMENT ON SCHEMA lineage_api IS 'What the API reads beside schema lineage; it may change.';
    END IF;
END
$$
