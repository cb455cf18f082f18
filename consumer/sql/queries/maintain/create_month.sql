-- A table that is to be a month's partition. What its constraint says need not be looked for again
-- when it is attached.
CREATE TABLE lineage_store.{month} (
    LIKE lineage_store.{parent} INCLUDING ALL,
    CONSTRAINT is_of_month CHECK (event_time >= {start} AND event_time < {finish})
)
