-- Jobs, datasets, columns and runs that have some words in their names.
SELECT kind, found_namespace AS namespace, found_name AS name, found_field AS field
FROM lineage.search(%(text)s, %(limit)s)
