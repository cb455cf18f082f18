-- By which version of the tables and functions it is derived.
INSERT INTO lineage_rebuild.begun (hash) VALUES (%(hash)s)
