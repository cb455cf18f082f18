-- What is known of the tasks of DAG runs that are forgotten.
DELETE FROM lineage_store.dag_runs WHERE run_id = ANY (%(ids)b::uuid[])
