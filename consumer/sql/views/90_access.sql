-- Who may read schema lineage needs no right on schema lineage_store: views read tables with their
-- owner's rights by themselves, and here every function of lineage and lineage_api is made to. With
-- a fixed search_path nobody can put something else in the place of what it calls.
--
-- A function of lineage_store that a view calls runs as whoever asks. If it names something in
-- lineage_store, its body must be parsed when it is made (BEGIN ATOMIC), where names are still
-- looked up by the owner.
DO $$
DECLARE
    name regprocedure;
BEGIN
    FOR name IN SELECT oid FROM pg_proc
        WHERE pronamespace = 'lineage'::regnamespace
           -- One that reads no table stays as it is: it becomes part of what calls it.
           OR pronamespace = 'lineage_api'::regnamespace AND provolatile <> 'i'
    LOOP
        EXECUTE format(
            'ALTER FUNCTION %s SECURITY DEFINER SET search_path = pg_catalog, pg_temp', name
        );
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', name);
    END LOOP;
END
$$;
