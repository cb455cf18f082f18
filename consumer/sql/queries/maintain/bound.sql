-- What is before the month that begins here is forgotten: its last day is older than is kept.
SELECT date_trunc('month', now() - make_interval(days => %(days)s), 'UTC')
