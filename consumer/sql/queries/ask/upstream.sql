-- What a dataset or job comes from.
SELECT * FROM lineage.upstream(
    %(kind)s, %(namespace)s, %(name)s, %(depth)s,
    coalesce(%(since)s::timestamptz, '-infinity'), coalesce(%(as_of)s::timestamptz, 'infinity'),
    %(edges)s
)
