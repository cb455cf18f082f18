-- Finding what has some words in its name.

CREATE OR REPLACE FUNCTION lineage.search(text text, max_rows integer DEFAULT 50)
RETURNS TABLE (kind text, found_namespace text, found_name text, found_field text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off AS $$
    WITH asked AS (
        SELECT to_tsquery('simple', string_agg(word || ':*', ' & ')) AS words
        FROM string_to_table(lineage_store.without_signs(text), ' ') AS word WHERE word <> ''
    )
    SELECT * FROM (
        (SELECT 'dataset', dataset.namespace, dataset.name, NULL::text
         FROM asked JOIN lineage_store.datasets AS dataset
            ON lineage_store.words(dataset.name) @@ asked.words
         ORDER BY length(dataset.name), dataset.name COLLATE "C" LIMIT max_rows)
        UNION ALL
        (SELECT 'job', job.namespace, job.name, NULL
         FROM asked JOIN lineage_store.jobs AS job ON lineage_store.words(job.name) @@ asked.words
         ORDER BY length(job.name), job.name COLLATE "C" LIMIT max_rows)
        UNION ALL
        (SELECT DISTINCT 'column', dataset.namespace, dataset.name, known.field
         FROM asked JOIN lineage_store.facet_columns AS known
            ON lineage_store.words(known.field) @@ asked.words
         CROSS JOIN LATERAL (
            SELECT schema.dataset_id FROM lineage_store.dataset_schemas AS schema
            WHERE schema.value_hash = known.value_hash
            UNION
            SELECT said.dataset_id FROM lineage_store.column_lineage AS said
            WHERE said.value_hash = known.value_hash AND NOT said.is_deleted
         ) AS owner
         JOIN lineage_store.datasets AS dataset ON dataset.id = owner.dataset_id
         ORDER BY 2, 3, 4 LIMIT max_rows)
        UNION ALL
        (SELECT 'run', job.namespace, job.name, lineage_store.run_id(run)
         FROM lineage_store.runs AS run JOIN lineage_store.jobs AS job ON job.id = run.job_id
         WHERE lineage_store.run_id(run) = lineage_store.as_run_id(text)
            OR run.pipeline_run_id = text
            OR (run.is_dag_run AND run.airflow_run_id = text)
         ORDER BY run.first_event_at DESC LIMIT max_rows)
    ) AS found
$$;
COMMENT ON FUNCTION lineage.search(text, integer) IS
'Datasets, jobs (DAGs and tasks among them) and columns whose names have words that begin with all the words of a text; letters and digits make words. And the runs whose run_id, Airflow run_id or pipeline_run_id it is. found_field: the column, or the run_id. Of each kind at most max_rows.';
