-- The next packs that were not derived from.
SELECT pack.id, pack.bodies, pack.raws
FROM lineage_store.event_packs AS pack
WHERE pack.id > %(after)s
  AND NOT EXISTS (SELECT FROM lineage_rebuild.done WHERE done.pack_id = pack.id)
ORDER BY pack.id
LIMIT %(limit)s
