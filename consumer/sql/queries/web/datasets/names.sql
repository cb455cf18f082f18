-- All names of a dataset, the main one first.
SELECT known.namespace, known.name, known.is_main, known.last_named_at, dataset.description,
    state.state, state.state_at
FROM lineage.names_of(%(namespace)s, %(name)s) AS known
JOIN lineage.datasets AS dataset
    ON dataset.name = known.name AND dataset.namespace = known.namespace
JOIN lineage.dataset_names AS state
    ON state.name = known.name AND state.namespace = known.namespace
ORDER BY known.is_main DESC, known.namespace, known.name
