-- The events of packs that were merged, all of one month, are in the new packs.
UPDATE lineage_store.events AS event
SET pack_id = part.new_id, place = event.place + part.shift
FROM unnest(%(id)b::bigint[], %(new_id)b::bigint[], %(shift)b::smallint[])
    AS part (id, new_id, shift)
WHERE event.pack_id = part.id
  AND event.pack_id BETWEEN %(first_id)s AND %(last_id)s
  AND event.event_time >= %(month)s AND event.event_time < %(month)s + interval '1 month'
