-- A check is of its run's job: events of one run may name several, and the run says which it is.
ALTER TABLE lineage_store.quality_checks
    DROP COLUMN job_id CASCADE; -- and the view, which is made anew with the others

-- The words of names, for lineage.search: what is between signs of ASCII. Which of the other
-- characters are letters is left to to_tsvector, which knows of all scripts, whatever the locale.
CREATE FUNCTION lineage_store.without_signs(name text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.regexp_replace(name, '[\x01-/:-@\[-`{-\x7f]+', ' ', 'g');
CREATE OR REPLACE FUNCTION lineage_store.words(name text)
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN to_tsvector(
    'pg_catalog.simple'::regconfig, lineage_store.without_signs(left(name, 1000))
);
REINDEX INDEX lineage_store.jobs_words;
REINDEX INDEX lineage_store.datasets_words;
REINDEX INDEX lineage_store.facet_columns_words;
