-- New packs out of small ones: their elements, those of each after the first `shift` ones.
INSERT INTO lineage_store.event_packs (
    id, event_time, bodies, raws, partition_ids, record_offsets, record_times, record_bytes,
    framings, stored_at, is_small
)
SELECT
    new_id,
    min(event_time),
    array_agg(body ORDER BY place),
    CASE WHEN count(raw) > 0 THEN array_agg(raw ORDER BY place) END,
    lineage_store.short(array_agg(partition_id ORDER BY place)),
    array_agg(record_offset ORDER BY place),
    lineage_store.short(array_agg(record_time ORDER BY place)),
    array_agg(record_bytes ORDER BY place),
    lineage_store.short(array_agg(framing ORDER BY place)),
    lineage_store.short(array_agg(stored_at ORDER BY place)),
    false
FROM (
    SELECT
        part.new_id, pack.event_time, part.shift + element.place AS place,
        element.body, element.raw, element.record_offset, element.record_bytes,
        coalesce(element.partition_id, pack.partition_ids[1]) AS partition_id,
        CASE cardinality(pack.record_times)
            WHEN 1 THEN pack.record_times[1] ELSE element.record_time
        END AS record_time,
        coalesce(element.framing, pack.framings[1]) AS framing,
        coalesce(element.stored_at, pack.stored_at[1]) AS stored_at
    FROM unnest(
        %(id)b::bigint[], %(event_time)b::timestamptz[], %(new_id)b::bigint[],
        %(shift)b::smallint[]
    ) AS part (id, event_time, new_id, shift)
    JOIN lineage_store.event_packs AS pack USING (id, event_time)
    CROSS JOIN LATERAL unnest(
        pack.bodies, pack.raws, pack.partition_ids, pack.record_offsets, pack.record_times,
        pack.record_bytes, pack.framings, pack.stored_at
    ) WITH ORDINALITY AS element (
        body, raw, partition_id, record_offset, record_time, record_bytes, framing, stored_at,
        place
    )
) AS merged
GROUP BY new_id
