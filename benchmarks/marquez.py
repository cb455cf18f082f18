"""What was measured on a real Marquez, recorded once: it needs a build of its own.

Marquez 0.51.1, built from its release, on two cores with PostgreSQL 15 and its default durability;
Airflow's events of about 6 KB, as they are here.
"""

NAME = "Marquez 0.51.1"
# Events a second of POST /lineage over 4 connections at best; over one: 36 to 40.
EVENTS_PER_SECOND = 59
P50_MS, P99_MS = 51, 296
# Bytes in PostgreSQL for an event, from 11,600 to 13,400.
AT_REST = 11_600
# Ended runs that were shown as running, of so many, after 20,000 events over 4 connections.
WRONG_STATES, ENDED_RUNS = 1_044, 9_989
# GET /lineage of depth 20 among 58,600 jobs, in milliseconds: a chain of 20, 2,000 connected jobs,
# a hub of 5,100. The last two were given up after so long.
LINEAGE_MS = (2_800, 75_000, 60_000)
