-- The tags of jobs or datasets; field is empty where the whole has it.
SELECT owner_id, field, tag FROM lineage_api.tagged
WHERE owner_id = ANY (%(ids)b::bigint[])
ORDER BY owner_id, field, tag
