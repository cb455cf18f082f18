-- These packs were derived from.
INSERT INTO lineage_rebuild.done (pack_id) SELECT unnest(%(ids)b::bigint[])
