-- Join the names that new links tell of.
SELECT lineage_store.join_names(%(from_ids)b::bigint[], %(to_ids)b::bigint[])
