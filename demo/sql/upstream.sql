SELECT depth, kind, name
FROM lineage.upstream('dataset',
    (SELECT namespace FROM lineage.datasets WHERE name = 'warehouse.public.country_revenue'),
    'warehouse.public.country_revenue');
