SELECT depth, name, field
FROM lineage.column_upstream(
    (SELECT namespace FROM lineage.datasets WHERE name = 'warehouse.public.country_revenue'),
    'warehouse.public.country_revenue', 'revenue');
