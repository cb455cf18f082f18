-- Find anew which names stand together, after links have changed.
SELECT lineage_store.regroup_names(%(ids)b::bigint[])
