-- The owners of a dataset, whichever of its names they were told of.
SELECT DISTINCT owner.owner AS name, owner.type
FROM lineage.owners AS owner
WHERE owner.kind = 'dataset' AND owner.name = %(name)s AND owner.namespace = %(namespace)s
ORDER BY name, type
