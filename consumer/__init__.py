"""Service that stores OpenLineage events from Kafka in PostgreSQL, each exactly once.

    Kafka -> source -> decode -> rows -> store -> PostgreSQL
             record    event     rows    one transaction, with the offsets

`ingest` drives it: source reads a topic's records from the stored offsets, decode makes an event
or a rejection of each, rows what the events say of runs, jobs, datasets and facets, and store
writes all of it; `sql/` has every statement, migrations and views. `cli` is the command line.
Imports go down only: cli, ingest, store, rows, decode; source stands beside decode, and
settings, errors and record below all of them.
"""
