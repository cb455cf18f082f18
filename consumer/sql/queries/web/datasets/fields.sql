-- The fields of the schema that a dataset's main name, or else another of its names, has now.
SELECT DISTINCT ON (field.position)
    field.position, field.field AS name, field.type, field.description
FROM lineage.names_of(%(namespace)s, %(name)s) AS known
JOIN lineage.dataset_fields AS field
    ON field.name = known.name AND field.namespace = known.namespace
ORDER BY field.position, known.is_main DESC, known.last_named_at DESC NULLS LAST
