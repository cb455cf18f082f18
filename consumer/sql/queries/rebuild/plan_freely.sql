-- Until the end of the transaction PostgreSQL chooses plans for many rows.
SELECT set_config(name, value, true)
FROM (VALUES
    ('enable_seqscan', 'on'), ('enable_hashjoin', 'on'), ('enable_mergejoin', 'on'),
    ('plan_cache_mode', 'auto')
) AS setting (name, value)
