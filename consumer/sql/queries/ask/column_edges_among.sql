-- All edges among some columns, as a diagram's arrows.
SELECT concat_ws(':', from_namespace, from_name, from_field) AS start,
    concat_ws(':', to_namespace, to_name, to_field) AS "end"
FROM lineage.column_edges_among(%(namespaces)s, %(names)s, %(fields)s, %(direct_only)s)
