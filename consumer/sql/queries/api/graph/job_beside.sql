-- The job around which the graph of a dataset is drawn.
SELECT * FROM lineage_api.job_beside(%(dataset)s)
