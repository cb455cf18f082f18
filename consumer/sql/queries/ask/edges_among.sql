-- All edges among some datasets and jobs, as a diagram's arrows.
SELECT concat_ws(':', from_kind, from_namespace, from_name) AS start,
    concat_ws(':', to_kind, to_namespace, to_name) AS "end"
FROM lineage.edges_among(
    %(kinds)s, %(namespaces)s, %(names)s,
    coalesce(%(since)s::timestamptz, '-infinity'), coalesce(%(as_of)s::timestamptz, 'infinity'),
    %(edges)s
)
