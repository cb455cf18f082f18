-- All that depends on a dataset or job, with owners and runs.
SELECT depth, kind, namespace, name, owners, last_at, last_state, runs_in_30_days, via
FROM lineage.impact(%(kind)s, %(namespace)s, %(name)s)
