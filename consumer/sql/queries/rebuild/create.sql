-- The schema in which the model is derived anew, with what was derived from already.
CREATE SCHEMA lineage_rebuild;
CREATE TABLE lineage_rebuild.begun (hash uuid NOT NULL);
CREATE TABLE lineage_rebuild.done (pack_id bigint PRIMARY KEY)
