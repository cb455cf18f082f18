-- What runs read and wrote.
SELECT id, namespace, name, is_output FROM lineage_api.run_io WHERE id = ANY (%(ids)s)
