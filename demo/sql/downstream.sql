SELECT depth, kind, name
FROM lineage.downstream('dataset',
    (SELECT namespace FROM lineage.datasets WHERE name = 'warehouse.public.orders'),
    'warehouse.public.orders');
