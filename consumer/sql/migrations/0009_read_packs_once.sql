-- The API reads bodies by lineage_api.events_of_runs now.
DROP VIEW IF EXISTS lineage_api.run_events;

-- Of some tables PostgreSQL has noted that they have pages and no rows (an index was made while they
-- were empty), and believes until autovacuum comes by that they have one row, however many there
-- are: 0.6 s instead of 0.1 for a page of ten jobs. TRUNCATE has it forget that, not what 0004
-- told it of their columns.
DO $$
DECLARE
    name regclass;
    has_rows boolean;
BEGIN
    FOR name IN SELECT oid FROM pg_class
        WHERE relnamespace = 'lineage_store'::regnamespace AND relkind = 'r'
          AND relpages > 0 AND reltuples = 0
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', name) INTO has_rows;
        IF NOT has_rows THEN
            EXECUTE format('TRUNCATE %s', name);
        END IF;
    END LOOP;
END
$$;
