-- Whether the store is there, and this role may read it.
SELECT count(*) AS found FROM (SELECT FROM lineage.partitions LIMIT 1) AS one
