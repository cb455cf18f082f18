"""Service that stores OpenLineage events from Kafka in PostgreSQL, each exactly once.

Kafka -> source -> decode -> rows -> store -> PostgreSQL; `loop` drives it, `migrate` prepares the
database, `sql/` holds every statement, `cli` is the command line.
"""
