-- The edges of the graph of columns around some columns.
SELECT * FROM lineage_api.column_graph(
    %(datasets)s, %(fields)s, %(depth)s, %(with_downstream)s
)
