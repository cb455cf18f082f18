-- Where a late event cuts a version of a facet, the events of its job or dataset that are nearest
-- in time say where the two parts end and begin (queries/facets/asserting.sql).

-- Events of a job by the hour: by the moment they would take three times the room, since no two keys
-- were the same. Both have conditions, so that whoever does not ask for a job or dataset is never
-- led through a whole index by the time alone, as long as PostgreSQL takes the table for a small one.
DROP INDEX lineage_store.events_job;
CREATE INDEX events_job ON lineage_store.events (
    job_id, date_bin('1 hour', event_time, '2000-01-01 00:00:00+00')
) WHERE job_id IS NOT NULL;
DROP INDEX lineage_store.events_dataset;
CREATE INDEX events_dataset ON lineage_store.events (dataset_id, event_time)
    WHERE dataset_id IS NOT NULL;
