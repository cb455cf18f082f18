-- Which text of the views and functions this database has.
SELECT replace(hash::text, '-', '') FROM lineage_store.views
