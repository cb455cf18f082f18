-- Datasets by the keys of their names. One whose name no event uses is found by the name that
-- joins it, if one is used.
SELECT DISTINCT ON (asked.number) asked.number, dataset.*
FROM unnest(%(keys)s::uuid[]) WITH ORDINALITY AS asked (key, number)
JOIN lineage_api.dataset_aliases AS alias ON alias.alias_key = asked.key
JOIN lineage_api.datasets AS dataset ON dataset.id = alias.id
ORDER BY asked.number, dataset.key = asked.key DESC, dataset.last_event_at DESC, dataset.id
