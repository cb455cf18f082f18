-- All names of a dataset. The walk of no depth is there for its error where no such name is known.
SELECT known.namespace, known.name, known.is_main, known.last_named_at, known.state, known.state_at
FROM (
    SELECT count(*) AS steps FROM lineage.upstream('dataset', %(namespace)s, %(name)s, 0)
) AS walk
JOIN lineage.dataset_names AS known ON walk.steps = 0
WHERE (known.main_namespace, known.main_name) IN (
    SELECT asked.main_namespace, asked.main_name FROM lineage.dataset_names AS asked
    WHERE asked.name = %(name)s AND asked.namespace = coalesce(%(namespace)s, asked.namespace)
)
ORDER BY known.is_main DESC, known.namespace COLLATE "C", known.name COLLATE "C"
