-- Which text of the views and functions this database has.
SELECT hash FROM lineage_store.views
