-- The tags of a dataset and of its fields, under each of its names.
SELECT DISTINCT tag.key, tag.value, tag.field
FROM lineage.names_of(%(namespace)s, %(name)s) AS known
JOIN lineage.tags AS tag
    ON tag.kind = 'dataset' AND tag.name = known.name AND tag.namespace = known.namespace
ORDER BY key, value, field
