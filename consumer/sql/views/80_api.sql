-- What the HTTP API asks beside schema lineage. It belongs to this program's version alone, and is
-- no part of what users may rely on; whoever may read schema lineage may call it.
CREATE SCHEMA IF NOT EXISTS lineage_api;
COMMENT ON SCHEMA lineage_api IS 'What the HTTP API asks; it may change.';
