SELECT depth, kind, name FROM lineage.upstream('warehouse.public.country_revenue');
