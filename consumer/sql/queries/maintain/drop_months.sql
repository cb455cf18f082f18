-- Partitions with all that is in them.
DROP TABLE {tables}
