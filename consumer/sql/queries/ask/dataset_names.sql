-- All names of a dataset.
SELECT * FROM lineage.names_of(%(namespace)s, %(name)s)
