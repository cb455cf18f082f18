-- Jobs by their ids; one that ran under several others has a row for each of its names.
SELECT * FROM lineage_api.jobs_by_ids(%(ids)b::bigint[]) ORDER BY namespace, name
