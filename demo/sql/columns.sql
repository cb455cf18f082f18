SELECT depth, name, field
FROM lineage.column_upstream('warehouse.public.country_revenue', 'revenue');
