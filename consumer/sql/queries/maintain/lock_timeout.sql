-- How long this transaction waits for a lock, while all that come later wait behind it.
SELECT set_config('lock_timeout', %(milliseconds)s, true)
