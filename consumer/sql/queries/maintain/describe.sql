-- What the store is made of, for people.
SELECT
    CASE attcompression
        WHEN 'l' THEN 'lz4' WHEN 'p' THEN 'pglz' ELSE current_setting('default_toast_compression')
    END,
    (SELECT count(*) FROM lineage_store.events),
    (SELECT count(*) FROM lineage_store.events_default),
    (SELECT min(start) FROM lineage_store.months WHERE parent = 'events'),
    (SELECT max(start) FROM lineage_store.months WHERE parent = 'events')
FROM pg_attribute
WHERE attrelid = 'lineage_store.event_packs'::regclass AND attname = 'bodies'
