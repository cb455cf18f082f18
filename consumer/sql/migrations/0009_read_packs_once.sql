-- The API reads bodies by lineage_api.events_of_runs now.
DROP VIEW IF EXISTS lineage_api.run_events;
