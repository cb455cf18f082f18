SELECT depth, kind, name FROM lineage.downstream('warehouse.public.orders');
