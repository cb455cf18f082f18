-- Pages of the events of runs, newest or oldest first, by the minute: by the moment they would take
-- three times the room, since no two keys were the same. What is left to sort is a minute's events.
DROP INDEX lineage_store.events_moment;
CREATE INDEX events_minute ON lineage_store.events (
    date_bin('1 minute', event_time, '2000-01-01 00:00:00+00')
) WHERE run_id <> '00000000-0000-0000-0000-000000000000';
