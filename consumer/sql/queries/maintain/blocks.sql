-- How many blocks of storage a table has.
SELECT pg_relation_size(%(table)s::regclass) / current_setting('block_size')::integer
