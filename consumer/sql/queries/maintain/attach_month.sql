-- From now on the rows of the month are in its own partition.
ALTER TABLE lineage_store.{parent}
    ATTACH PARTITION lineage_store.{month} FOR VALUES FROM ({start}) TO ({finish});
ALTER TABLE lineage_store.{month} DROP CONSTRAINT is_of_month
