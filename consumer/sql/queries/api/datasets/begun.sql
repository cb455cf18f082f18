-- Which of some datasets runs wrote and nobody ever read.
SELECT given.dataset_id
FROM unnest(%(ids)b::bigint[]) AS given (dataset_id)
WHERE EXISTS (
    SELECT FROM lineage_api.dataset_writers AS writer
    WHERE writer.dataset_id = given.dataset_id
)
AND NOT EXISTS (
    SELECT FROM lineage_api.reading_jobs AS reading WHERE reading.dataset_id = given.dataset_id
)
