-- Which of some datasets were written and never read.
SELECT writing.dataset_id FROM lineage_api.writing_jobs AS writing
WHERE writing.dataset_id = ANY (%(ids)s)
  AND NOT EXISTS (
    SELECT FROM lineage_api.first_reads AS first WHERE first.dataset_id = writing.dataset_id
)
