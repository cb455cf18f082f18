-- What depends on a dataset, nearest first.
SELECT depth, kind, namespace, name, owners, last_at, last_state, runs_in_30_days
FROM lineage.impact('dataset', %(namespace)s, %(name)s)
ORDER BY depth, name, namespace
LIMIT %(limit)s
