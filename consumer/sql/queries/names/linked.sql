-- Which two names of datasets an event joins, of those that are asked for; namespaces may be null.
SELECT DISTINCT one.namespace, one.name, other.namespace, other.name
FROM lineage_store.datasets AS one
CROSS JOIN LATERAL (
    SELECT from_id, to_id FROM lineage_store.dataset_links WHERE from_id = one.id
    UNION ALL
    SELECT to_id, from_id FROM lineage_store.dataset_links WHERE to_id = one.id
) AS link (one_id, other_id)
JOIN lineage_store.datasets AS other ON other.id = link.other_id
WHERE left(one.name, 200) COLLATE "C" = left(%(name)s, 200) AND one.name = %(name)s
  AND one.namespace = coalesce(%(namespace)s, one.namespace)
  AND other.name = %(other_name)s
  AND other.namespace = coalesce(%(other_namespace)s, other.namespace)
