-- How many events were stored, by the day of their eventTime in UTC: counted as they are stored,
-- since counting them when somebody asks takes longer the more there are. They outlive the events.
-- Each partition has its own rows, as it has one writer at a time: nobody waits for another.
CREATE TABLE lineage_store.event_days (
    day date NOT NULL,
    partition_id integer NOT NULL,
    events bigint NOT NULL,
    bytes bigint NOT NULL, -- of their records on Kafka
    PRIMARY KEY (day, partition_id)
);

-- An array of one element says the same of all events of a pack.
INSERT INTO lineage_store.event_days (day, partition_id, events, bytes)
SELECT
    (event.event_time AT TIME ZONE 'UTC')::date,
    pack.partition_ids[least(event.place, cardinality(pack.partition_ids))],
    count(*), sum(pack.record_bytes[event.place])
FROM lineage_store.events AS event
JOIN lineage_store.event_packs AS pack
    ON pack.id = event.pack_id AND pack.event_time <= event.event_time
   AND pack.event_time >= date_trunc('month', event.event_time, 'UTC')
GROUP BY 1, 2;
