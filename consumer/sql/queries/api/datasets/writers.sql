-- The runs that wrote a dataset, the latest first.
SELECT id FROM lineage_api.dataset_writers
WHERE dataset_id = %(dataset_id)s
ORDER BY first_event_at DESC NULLS LAST, id DESC
LIMIT %(limit)s
