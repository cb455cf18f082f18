-- The tags of a dataset and of its fields, whichever of its names they were told of.
SELECT DISTINCT tag.key, tag.value, tag.field
FROM lineage.tags AS tag
WHERE tag.kind = 'dataset' AND tag.name = %(name)s AND tag.namespace = %(namespace)s
ORDER BY key, value, field
