-- What was derived is to be compared: PostgreSQL must know how much there is.
DO $$
DECLARE
    name regclass;
BEGIN
    FOR name IN SELECT oid FROM pg_class
        WHERE relnamespace = 'lineage_rebuild'::regnamespace AND relkind = 'r' AND NOT relispartition
    LOOP
        EXECUTE format('ANALYZE %s', name);
    END LOOP;
END
$$
