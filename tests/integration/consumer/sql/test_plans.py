"""What a query by an id costs does not depend on how much is stored: no table is read through."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from consumer.sql import query
from tests.fixtures.stores import clone
from tests.support.storing import rows

RUNS = 50_000  # of which every tenth is a DAG run with nine tasks; each has two events
FEW = 2_000  # rows that a plan may pass from node to node
RUN = "00000000-0000-0000-0000-{:012x}"
DAG_RUN, TASK_RUN, PIPELINE = RUN.format(20_000), RUN.format(20_003), "pipeline 20000"

# Nothing is to be known of the tables until a test says so.
LEAVE_ALONE = """
DO $$
DECLARE
    name regclass;
BEGIN
    FOR name IN SELECT oid FROM pg_class
        WHERE relnamespace = 'lineage_store'::regnamespace AND relkind = 'r'
    LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = false)', name);
    END LOOP;
END
$$
"""
SUMMARIZE = """
SELECT brin_summarize_new_values(index.oid)
FROM pg_class AS index JOIN pg_am AS method ON method.oid = index.relam
WHERE method.amname = 'brin' AND index.relkind = 'i'
  AND index.relnamespace = 'lineage_store'::regnamespace
"""
FILL = """
CREATE FUNCTION pg_temp.run(number bigint) RETURNS uuid IMMUTABLE LANGUAGE sql
AS $$ SELECT lpad(to_hex(number), 32, '0')::uuid $$;
INSERT INTO lineage_store.partitions (
    cluster_id, topic, topic_id, partition, life, first_offset, next_offset, end_offset
)
VALUES ('c', 't', '', 0, 1, 0, 0, 0);
INSERT INTO lineage_store.jobs (id, key, namespace, name)
SELECT n, gen_random_uuid(), 'n', 'job ' || n FROM generate_series(1, {runs} / 10) AS n;
INSERT INTO lineage_store.datasets (id, key, namespace, name)
SELECT n, gen_random_uuid(), 'n', 'dataset ' || n FROM generate_series(1, {runs} / 10) AS n;
INSERT INTO lineage_store.dataset_groups
SELECT n, n - n % 2 FROM generate_series(2, {runs} / 20 + 1) AS n;
INSERT INTO lineage_store.facet_values
SELECT pg_temp.run(n), jsonb_build_object(
    'fields', '[{{"name": "a"}}, {{"name": "b"}}]'::jsonb, 'owners', '[{{"name": "o"}}]'::jsonb,
    'tags', '[{{"key": "k"}}]'::jsonb, 'n', n)
FROM generate_series(1, {runs} / 10) AS n;
INSERT INTO lineage_store.facet_versions
SELECT owner::lineage_store.facet_owner, n, name, pg_temp.run(n), false, now(), pg_temp.run(n),
    now(), pg_temp.run(n), NULL
FROM generate_series(1, {runs} / 10) AS n,
    (VALUES ('dataset', 'schema'), ('dataset', 'tags'), ('job', 'ownership'), ('job', 'airflow'))
        AS facet (owner, name);
INSERT INTO lineage_store.task_graph_nodes (value_hash, kind, node_id)
SELECT pg_temp.run(n), 'task', 'task ' || task
FROM generate_series(1, {runs} / 10) AS n, generate_series(1, 9) AS task;
INSERT INTO lineage_store.task_graph_edges (value_hash, from_kind, from_id, to_kind, to_id)
SELECT pg_temp.run(n), 'task', 'task ' || task, 'task', 'task ' || task + 1
FROM generate_series(1, {runs} / 10) AS n, generate_series(1, 8) AS task;
INSERT INTO lineage_store.runs (
    id, job_id, parent_run_id, first_event_at, last_event_at, started_at, ended_at, job_rank,
    is_running, is_dag_run, end_state, dag_id, airflow_run_id, task_id, try_number, pipeline_run_id)
SELECT
    pg_temp.run(n), 1 + n % ({runs} / 10),
    CASE WHEN n % 10 > 0 THEN pg_temp.run(n - n % 10) END,
    time, time + '1 minute', time, time + '1 minute', 2, true, n % 10 = 0, 'COMPLETE',
    CASE WHEN n % 10 = 0 THEN 'dag' END, CASE WHEN n % 10 = 0 THEN 'manual ' || n END,
    CASE WHEN n % 10 > 0 THEN 'task ' || n % 10 END, 1,
    CASE WHEN n % 10 = 3 OR n % 20 = 0 THEN 'pipeline ' || n - n % 20 END
FROM generate_series(10, {runs} + 9) AS n,
    LATERAL (SELECT timestamptz '2026-01-01' + n * interval '1 minute' AS time) AS at;
INSERT INTO lineage_store.dag_runs
SELECT
    pg_temp.run(n), pg_temp.run(1 + n % ({runs} / 10)),
    '{{"task 1": ["success", 1], "task 99": ["failed", 1]}}', now(), pg_temp.run(n)
FROM generate_series(10, {runs} + 9, 10) AS n;
SELECT lineage_store.relink(array_agg(id), '{{}}') FROM lineage_store.runs;
INSERT INTO lineage_store.events
SELECT first_event_at + minute * interval '1 minute', gen_random_uuid(), id, job_id, NULL,
    row_number() OVER () / 16, 1 + row_number() OVER () % 16, 'START'
FROM lineage_store.runs, (VALUES (0), (1)) AS of_run (minute);
INSERT INTO lineage_store.event_packs
SELECT pack_id, min(event_time), array_agg($body${body}$body$::text), NULL, '{{1}}', array_agg(1),
    array_agg(now()), array_agg(1), '{{json}}', ARRAY[now()], false
FROM lineage_store.events GROUP BY pack_id;
INSERT INTO lineage_store.event_days
SELECT event_time::date, 1, count(*), count(*) FROM lineage_store.events GROUP BY 1;
INSERT INTO lineage_store.run_io SELECT id, job_id, false, first_event_at FROM lineage_store.runs;
INSERT INTO lineage_store.run_io SELECT id, job_id, true, first_event_at FROM lineage_store.runs;
INSERT INTO lineage_store.edges (
    from_id, to_id, kind, stated_by, first_event_at, last_event_at
)
SELECT id, id, 'output', id, now(), now() FROM lineage_store.jobs;
INSERT INTO lineage_store.quality_checks
SELECT id, id, job_id, 'unique', 'a', true, NULL, now() FROM lineage_store.runs;
"""
# Of every event: one facet of its run, and one of an input.
BODY = """
{"run": {"facets": {"f": {"a": 1}}},
 "inputs": [{"namespace": "n", "name": "x", "inputFacets": {"g": {"a": 1}}}]}
"""

QUERIES = {
    "runs": ("run_id", TASK_RUN),
    "run_facets": ("run_id", TASK_RUN),
    "run_inputs": ("run_id", TASK_RUN),
    "run_outputs": ("run_id", TASK_RUN),
    "input_facets": ("run_id", TASK_RUN),
    "quality_checks": ("run_id", TASK_RUN),
    "events": ("run_id", TASK_RUN),
    "dag_runs": ("run_id", DAG_RUN),
    "task_runs": ("dag_run_id", DAG_RUN),
    "pipeline_runs": ("pipeline_run_id", PIPELINE),
    "runs of a pipeline": ("pipeline_run_id", PIPELINE),
    "dag_runs of a pipeline": ("pipeline_run_id", PIPELINE),
    "events of a pipeline": ("pipeline_run_id", PIPELINE),
    "dag_runs by Airflow's id": ("airflow_run_id", "manual 20000"),
    "task_runs by Airflow's id": ("airflow_run_id", "manual 20000"),
    "run_inputs of a dataset": ("name", "dataset 7"),
    "run_outputs of a dataset": ("name", "dataset 4000"),
    "quality_checks of a dataset": ("name", "dataset 7"),
    "events of a job": ("job_name", "job 7"),
    "jobs": ("name", "job 7"),
    "job_datasets": ("job_name", "job 7"),
    "job_datasets of a dataset": ("dataset_name", "dataset 7"),
    "job_facets": ("job_name", "job 7"),
    "datasets": ("name", "dataset 7"),
    "dataset_fields": ("name", "dataset 7"),
    "dataset_versions": ("name", "dataset 7"),
    "dataset_facets": ("dataset_name", "dataset 7"),
    "tags": ("name", "dataset 7"),
    "tags of a dataset of one name": ("name", "dataset 4000"),
    "owners": ("name", "job 7"),
    "dag_versions": ("dag_id", "job 7"),
    "task_graph_nodes": ("dag_id", "job 7"),
    "task_graph_edges of a version": ("task_graph_id", RUN.format(7)),
}


# What is asked without any id: what happened lately.
LATELY = {"at": "2026-02-04 17:00:00Z"}  # the last minutes of what is stored
BY_TIME = {
    "runs": "SELECT * FROM lineage.runs WHERE started_at > %(at)s",
    "DAG runs": "SELECT * FROM lineage.dag_runs WHERE started_at > %(at)s",
    "events": "SELECT event_id FROM lineage.events WHERE event_time > %(at)s",
    "tasks of DAG runs": """SELECT task.* FROM lineage.dag_runs AS dag_run
        JOIN lineage.task_runs AS task ON task.dag_run_id = dag_run.run_id
        WHERE dag_run.started_at > %(at)s""",
    "missing events": "SELECT * FROM lineage.missing_events('1 day', %(at)s)",
}

UNTIL = "2026-02-06"
# What pages of the web application ask without naming anything.
PAGES: dict[str, dict[str, Any]] = {
    "web/dag_runs/latest": {"dag_id": None, "limit": 5},
    "web/dag_runs/latest of a DAG": {"dag_id": "job 11", "limit": 5},
    "web/traffic/days": {"until": UNTIL, "days": 30},
    "web/traffic/missing": {"looked_at": 5, "limit": 10},
    "web/traffic/latest": {"until": UNTIL, "days": 30, "limit": 5},
}


# Pages of all events, whose plans are within a function.
EVENT_PAGES: dict[str, dict[str, Any]] = {
    "the newest": {"after": None, "before": None, "newest_first": True},
    "the oldest": {"after": None, "before": None, "newest_first": False},
    "before a time": {"after": None, "before": "2026-01-20 12:00:30Z", "newest_first": True},
    "after a time": {"after": "2026-01-20 12:00:30Z", "before": None, "newest_first": False},
}
READ = """
SELECT sum(seq_tup_read + idx_tup_fetch)::bigint FROM pg_stat_xact_user_tables
WHERE schemaname = 'lineage_store'
"""


@pytest.fixture(scope="module")
def full_url(postgres_url: str, template: str) -> Iterator[str]:
    """Yield the DSN of a store with many rows that PostgreSQL has no statistics of."""
    for url in clone(postgres_url, template):
        with psycopg.connect(url, autocommit=True) as connection:
            # As autovacuum does, which may come by while the tables are empty.
            connection.execute("VACUUM ANALYZE")
        with psycopg.connect(url) as connection:
            connection.execute(LEAVE_ALONE)
            connection.execute(FILL.format(runs=RUNS, body=BODY).encode())
            # As autovacuum does, too, soon after pages were filled.
            connection.execute(SUMMARIZE)
        yield url


@pytest.mark.parametrize("name", QUERIES)
def test_before_anything_is_known_of_the_tables(full_url: str, name: str) -> None:
    check(full_url, name)


@pytest.fixture(scope="module")
def analyzed_url(full_url: str) -> str:
    """Return the DSN of that store after ANALYZE."""
    with psycopg.connect(full_url, autocommit=True) as connection:
        connection.execute("ANALYZE")
    return full_url


@pytest.mark.parametrize("name", QUERIES)
def test_after_analyze(analyzed_url: str, name: str) -> None:
    check(analyzed_url, name)


@pytest.mark.parametrize("name", BY_TIME)
def test_lately_before_anything_is_known(full_url: str, name: str) -> None:
    check_statement(full_url, name, BY_TIME[name], LATELY)


@pytest.mark.parametrize("name", BY_TIME)
def test_lately_after_analyze(analyzed_url: str, name: str) -> None:
    check_statement(analyzed_url, name, BY_TIME[name], LATELY)


@pytest.mark.parametrize("page", PAGES)
def test_pages_before_anything_is_known(full_url: str, page: str) -> None:
    check_statement(full_url, page, query(page.split()[0]), PAGES[page])


@pytest.mark.parametrize("page", PAGES)
def test_pages_after_analyze(analyzed_url: str, page: str) -> None:
    check_statement(analyzed_url, page, query(page.split()[0]), PAGES[page])


@pytest.mark.parametrize("page", EVENT_PAGES)
def test_a_page_of_events_before_anything_is_known(full_url: str, page: str) -> None:
    check_page(full_url, page)


@pytest.mark.parametrize("page", EVENT_PAGES)
def test_a_page_of_events_after_analyze(analyzed_url: str, page: str) -> None:
    check_page(analyzed_url, page)


@pytest.fixture(scope="module")
def fresh_url(postgres_url: str, template: str) -> Iterator[str]:
    """Yield the DSN of a store with some rows, of whose tables nobody ever looked at one."""
    for url in clone(postgres_url, template):
        with psycopg.connect(url) as connection:
            connection.execute(LEAVE_ALONE)
            connection.execute(FILL.format(runs=RUNS // 10, body=BODY).encode())
        yield url


@pytest.mark.parametrize("view", ["run_facets", "input_facets", "output_facets"])
def test_a_view_read_whole_looks_for_each_pack_by_its_key(fresh_url: str, view: str) -> None:
    (answer,) = rows(fresh_url, f"EXPLAIN (FORMAT JSON) SELECT * FROM lineage.{view}")  # noqa: S608
    packs = [
        node
        for node in nodes_of(answer[0][0]["Plan"])
        if node.get("Relation Name") == "event_packs_default"
    ]
    assert packs
    assert all("Index Cond" in node for node in packs)


def check(url: str, name: str) -> None:
    """Ask for the rows of one id."""
    view = name.split()[0]
    column, value = QUERIES[name]
    statement = f"SELECT * FROM lineage.{view} WHERE {column} = '{value}'"  # noqa: S608
    check_statement(url, name, statement, {})


def check_page(url: str, name: str) -> None:
    """Ask for a page of events: as many come, and few rows were read in whatever tables."""
    values = {**EVENT_PAGES[name], "limit": 20, "offset": 40}
    with psycopg.connect(url) as connection:
        found = connection.execute(query("api/events/page"), values).fetchall()
        ((read,),) = connection.execute(READ).fetchall()
    assert len(found) == values["limit"]
    assert len(found) < read < FEW, name


def check_statement(url: str, name: str, statement: str, values: dict[str, Any]) -> None:
    """Run a statement: some rows come, and few were read."""
    with psycopg.connect(url) as connection:
        explain = f"EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) {statement}".encode()
        (answer,) = connection.execute(explain, values).fetchone() or ()
    plan = answer[0]["Plan"]
    assert plan["Actual Rows"] > 0, name
    nodes = list(nodes_of(plan))
    read_through = [node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"]
    passed = sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for node in nodes
        if node["Node Type"] != "Bitmap Index Scan"  # its rows are a guess from the pages
    )
    assert passed < FEW, (name, passed, read_through)
    assert not set(read_through) & {"runs", "events_default", "event_packs_default", "families"}


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the nodes of a plan."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes_of(below)
