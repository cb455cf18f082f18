-- The role that reads; roles are the whole server's, so another database may just have made it.
DO $$
BEGIN
    CREATE ROLE lineage_reader NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END
$$
