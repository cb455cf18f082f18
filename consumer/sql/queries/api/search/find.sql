-- Jobs and datasets whose names hold a text, in small or capital letters; total: of all pages.
SELECT type, name, updated_at, namespace, count(*) OVER () AS total
FROM (
    SELECT 'JOB' AS type, name, last_event_at AS updated_at, namespace
    FROM lineage_api.jobs
    WHERE %(type)s IN ('JOB', '') AND strpos(lower(name), lower(%(text)s)) > 0
    UNION ALL
    SELECT 'DATASET', name, last_event_at, namespace
    FROM lineage_api.datasets
    WHERE %(type)s IN ('DATASET', '') AND strpos(lower(name), lower(%(text)s)) > 0
) AS found
WHERE namespace = coalesce(%(namespace)s, namespace)
  AND updated_at >= coalesce(%(after)s, '-infinity'::timestamptz)
  AND updated_at < coalesce(%(before)s, 'infinity'::timestamptz)
ORDER BY
    CASE WHEN %(latest_first)s THEN updated_at END DESC,
    type, name COLLATE "C", namespace COLLATE "C"
LIMIT %(limit)s
