-- Jobs, datasets, columns and runs that have some words in their names; of Airflow's runs the DAG.
SELECT
    found.kind, found.found_namespace AS namespace, found.found_name AS name,
    found.found_field AS field, run.dag_id
FROM lineage.search(%(text)s, %(limit)s)
    WITH ORDINALITY AS found (kind, found_namespace, found_name, found_field, place)
LEFT JOIN LATERAL (
    SELECT known.dag_id FROM lineage.runs AS known
    WHERE found.kind = 'run' AND known.run_id = found.found_field
) AS run ON true
ORDER BY found.place
