-- A check is of its run's job: events of one run may name several, and the run says which it is.
ALTER TABLE lineage_store.quality_checks
    DROP COLUMN job_id CASCADE; -- and the view, which is made anew with the others

-- The words of names, for lineage.search: what is between signs of ASCII. Which of the other
-- characters are letters is left to to_tsvector, which knows of all scripts, whatever the locale.
CREATE OR REPLACE FUNCTION lineage_store.words(name text)
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('pg_catalog.simple'::regconfig,
        pg_catalog.regexp_replace(left(name, 1000), '[\x01-/:-@\[-`{-\x7f]+', ' ', 'g'))
$$;
REINDEX INDEX lineage_store.jobs_words;
REINDEX INDEX lineage_store.datasets_words;
REINDEX INDEX lineage_store.facet_columns_words;
