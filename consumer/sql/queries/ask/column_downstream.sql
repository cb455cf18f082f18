-- Which columns depend on a column.
SELECT * FROM lineage.column_downstream(
    %(namespace)s, %(name)s, %(field)s, %(depth)s, %(direct_only)s
)
