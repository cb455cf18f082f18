-- Which columns a column comes from.
SELECT * FROM lineage.column_upstream(
    %(namespace)s, %(name)s, %(field)s, %(depth)s, %(direct_only)s
)
