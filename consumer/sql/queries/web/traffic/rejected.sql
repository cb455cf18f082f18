-- The latest records that are no events, with the reason.
SELECT topic, partition, record_offset AS "offset", reason, framing, octet_length(value) AS bytes,
    rejected_at
FROM lineage.rejected
ORDER BY rejected_at DESC
LIMIT %(limit)s
