-- How many events of runs began, ended and failed between moments.
SELECT interval_number, lower(event_type) AS type, events
FROM lineage_api.count_event_types(%(moments)s)
