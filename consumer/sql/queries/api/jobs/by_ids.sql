-- Jobs by their ids; one that ran under several others has a row for each of its names.
SELECT * FROM lineage_api.jobs WHERE id = ANY (%(ids)s) ORDER BY namespace, name
