-- The owners of a dataset, under each of its names.
SELECT DISTINCT owner.owner AS name, owner.type
FROM lineage.names_of(%(namespace)s, %(name)s) AS known
JOIN lineage.owners AS owner
    ON owner.kind = 'dataset' AND owner.name = known.name AND owner.namespace = known.namespace
ORDER BY name, type
