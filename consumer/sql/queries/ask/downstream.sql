-- What depends on a dataset or job.
SELECT * FROM lineage.downstream(
    %(kind)s, %(namespace)s, %(name)s, %(depth)s,
    coalesce(%(since)s::timestamptz, '-infinity'), coalesce(%(as_of)s::timestamptz, 'infinity'),
    %(edges)s
)
