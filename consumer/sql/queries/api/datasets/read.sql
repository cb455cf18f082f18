-- Which of some datasets were ever read.
SELECT dataset_id FROM lineage_api.first_reads WHERE dataset_id = ANY (%(ids)s)
