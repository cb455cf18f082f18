-- The partitions of events and packs that hold nothing but what is forgotten, by month.
SELECT array_agg(name ORDER BY parent DESC)
FROM lineage_store.months
WHERE finish <= %(bound)s
GROUP BY finish
ORDER BY finish
