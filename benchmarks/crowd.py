"""Rows of other jobs, as many as a number of events leave behind, written into the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from consumer.store.database import Connection

LAST_ID = """
SELECT max(id) FROM (
    SELECT id FROM lineage_store.jobs UNION ALL SELECT id FROM lineage_store.datasets
) AS node
"""
# Two events are a run, and a job has twenty runs. It reads two datasets of the ones before and
# writes one, of whose ten columns each comes from two; one dataset in ten has a second name.
FILL = """
INSERT INTO lineage_store.jobs (id, key, namespace, name)
SELECT %(first)s + n, gen_random_uuid(), 'crowd ' || n %% 50, 'crowded.job_' || n
FROM generate_series(1, %(jobs)s) AS n;

INSERT INTO lineage_store.datasets (id, key, namespace, name, last_named_at)
SELECT %(first)s + %(jobs)s + n, gen_random_uuid(), 'crowd ' || n %% 50, 'crowded.table_' || n,
    timestamptz '2026-01-01' + n * interval '1 second'
FROM generate_series(1, %(jobs)s + %(jobs)s / 10) AS n;

INSERT INTO lineage_store.dataset_groups
SELECT %(first)s + %(jobs)s + n + other.add, %(first)s + %(jobs)s + n
FROM generate_series(1, %(jobs)s / 10) AS n, (VALUES (0), (%(jobs)s)) AS other (add);

INSERT INTO lineage_store.edges (from_id, to_id, kind, stated_by, first_event_at, last_event_at)
SELECT from_id, to_id, kind::lineage_store.edge_kind, job_id, '2026-01-01', '2026-06-01'
FROM (
    SELECT %(first)s + n, %(first)s + n, %(first)s + %(jobs)s + n, 'output'
    FROM generate_series(1, %(jobs)s) AS n
    UNION ALL
    SELECT %(first)s + n, %(first)s + %(jobs)s + 1 + n * of.factor %% %(jobs)s, %(first)s + n,
        'input'
    FROM generate_series(1, %(jobs)s) AS n, (VALUES (7919::bigint), (104729)) AS of (factor)
) AS edge (job_id, from_id, to_id, kind)
ON CONFLICT DO NOTHING; -- a dataset that is both of a job's

INSERT INTO lineage_store.column_lineage
SELECT %(first)s + %(jobs)s + n, %(first)s + n, 'columnLineage',
    lpad(to_hex(n), 32, '0')::uuid, false, '2026-01-01', gen_random_uuid()
FROM generate_series(1, %(jobs)s) AS n;

INSERT INTO lineage_store.facet_columns
SELECT lpad(to_hex(n), 32, '0')::uuid, 'c' || field
FROM generate_series(1, %(jobs)s) AS n, generate_series(1, 10) AS field;

INSERT INTO lineage_store.column_edges (value_hash, field, input_dataset_id, input_field, type)
SELECT lpad(to_hex(n), 32, '0')::uuid, 'c' || field,
    %(first)s + %(jobs)s + 1 + n * of.factor %% %(jobs)s, 'c' || field, 'DIRECT'
FROM generate_series(1, %(jobs)s) AS n, generate_series(1, 10) AS field,
    (VALUES (7919::bigint), (104729)) AS of (factor);

INSERT INTO lineage_store.runs (
    id, job_id, first_event_at, last_event_at, started_at, ended_at, job_rank, is_running,
    is_dag_run, end_state
)
SELECT gen_random_uuid(), %(first)s + 1 + n %% %(jobs)s, time, time + '1 minute', time,
    time + '1 minute', 2, true, false, 'COMPLETE'
FROM generate_series(1, %(jobs)s * 20) AS n,
    LATERAL (SELECT timestamptz '2026-01-01' + n * interval '10 seconds' AS time) AS at;
"""


def fill_crowd(connection: Connection, events: int) -> None:
    """Write what about `events` events leave behind, with ids above all that are there."""
    found = connection.execute(LAST_ID).fetchone()
    numbers = {"first": found[0] if found else 0, "jobs": events // 40}
    for statement in FILL.split("\n\n"):
        connection.execute(statement.encode(), numbers)
