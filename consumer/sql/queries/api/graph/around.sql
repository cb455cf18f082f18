-- What the jobs within some steps of one read and write: (job_id, job_name, dataset_id, is_output).
SELECT * FROM lineage_api.graph(%(job_id)s, %(job_name)s, %(depth)s)
