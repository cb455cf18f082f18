-- Where a late event cuts a version of a facet, the events of its job or dataset that are nearest
-- in time say where the two parts end and begin (queries/facets/asserting.sql).

DROP INDEX lineage_store.events_job;
CREATE INDEX events_job ON lineage_store.events (job_id, event_time);
DROP INDEX lineage_store.events_dataset;
CREATE INDEX events_dataset ON lineage_store.events (dataset_id, event_time)
    WHERE dataset_id IS NOT NULL;
