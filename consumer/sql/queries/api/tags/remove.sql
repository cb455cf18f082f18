-- Take a tag away from a job, a dataset or a field of it.
DELETE FROM lineage_store.tagged
WHERE owner_id = %(owner_id)s AND field = %(field)s AND tag = %(tag)s
RETURNING tag
