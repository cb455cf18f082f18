-- The facets of a dataset as they stood just before some times.
SELECT asked.number, facet.name, facet.value
FROM unnest(%(times)s::timestamptz[]) WITH ORDINALITY AS asked (at, number)
JOIN lineage_api.dataset_facets AS facet
    ON facet.dataset_id = %(dataset_id)s AND facet.first_event_at < asked.at
   AND (facet.ended_at IS NULL OR facet.ended_at >= asked.at)
