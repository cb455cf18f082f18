-- What runs read and wrote, under every name that it has.
SELECT id, namespace, name, is_output, is_alias FROM lineage_api.run_io WHERE id = ANY (%(ids)b::uuid[])
