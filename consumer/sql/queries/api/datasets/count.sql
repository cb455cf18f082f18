-- How many datasets a namespace has.
SELECT count(*) FROM lineage_api.datasets WHERE namespace = %(namespace)s
