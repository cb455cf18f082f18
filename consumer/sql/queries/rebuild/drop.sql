-- What was derived is in its place, or of no use.
DROP SCHEMA IF EXISTS lineage_rebuild CASCADE
