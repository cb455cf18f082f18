"""Questions about runs, what would break, and where a text stands in a name."""

from typing import Any

import psycopg
import pytest

from consumer.store.store import Store
from tests.integration.consumer.sql.test_statements import dataset, run
from tests.support.storing import put, restart, rows


def task(name: str, begin: int, end: int, dag_run: str = "dag run") -> list[dict[str, Any]]:
    """Return the events of a task of a DAG run; minutes."""
    facets = {
        "parent": {
            "run": {"runId": dag_run},
            "job": {"namespace": "jobs", "name": "dag"},
        },
        "airflow": {"dag": {"dag_id": "dag"}, "task": {"task_id": name}},
    }
    started = run(f"dag.{name}", [], [], begin, run_facets=facets, run_id=f"run of {name}")
    ended = run(f"dag.{name}", [], [], end, run_facets=facets, run_id=f"run of {name}")
    return [started | {"eventType": "START"}, ended]


def dag(edges: dict[str, list[str]]) -> list[dict[str, Any]]:
    """Return the events of a DAG run from minute 0 to 30, with the DAG's graph."""
    tasks = {name: {"downstream_task_ids": after} for name, after in edges.items()}
    facets = {
        "airflowDagRun": {"dag": {"dag_id": "dag"}},
        "pipeline_run_id": {"pipeline_run_id": "night"},
    }
    started = run(
        *("dag", [], [], 0),
        job_facets={"airflow": {"tasks": tasks}},
        run_facets=facets,
        run_id="dag run",
    )
    return [started | {"eventType": "START"}, run("dag", [], [], 30, run_id="dag run")]


def test_what_a_run_read_and_what_came_of_it(store: Store, store_url: str) -> None:
    path = dataset("s3:file", symlinks={"identifiers": [{"namespace": "data", "name": "t"}]})
    put(
        store,
        [
            run("load", ["raw"], [path], 1, run_id="load 1"),
            run("report", ["t"], ["out"], 2, run_id="report 2"),
            run("load", ["raw"], [path], 3, run_id="load 3"),
            run("report", ["t"], ["out"], 4, run_id="report 4"),
            run("mail", ["out"], [], 5, run_id="mail 5"),
        ],
    )
    query = "SELECT depth, run_id, name, via FROM lineage.run_{}(%s) ORDER BY 1, 2"
    assert rows(store_url, query.format("downstream"), "load 1") == [
        (1, "report 2", "t", "load 1"),
    ]
    assert rows(store_url, query.format("downstream"), "load 3") == [
        (1, "report 4", "t", "load 3"),
        (2, "mail 5", "out", "report 4"),
    ]
    assert rows(store_url, query.format("upstream"), "mail 5") == [
        (1, "report 4", "out", "mail 5"),
        (2, "load 3", "t", "report 4"),
    ]
    assert rows(store_url, query.format("upstream"), "load 1") == []
    with pytest.raises(psycopg.errors.NoDataFound, match="there is no run 'load 2'"):
        rows(store_url, query.format("upstream"), "load 2")


def test_a_run_is_found_by_its_uuid_in_capitals(store: Store, store_url: str) -> None:
    run_id = "0190c0de-0000-7000-8000-00000000abcd"
    put(store, [run("load", [], ["t"], 1, run_id=run_id), run("mail", ["t"], [], 2, run_id="R")])

    below = rows(store_url, "SELECT run_id FROM lineage.run_downstream(%s)", run_id.upper())
    found = rows(store_url, "SELECT found_field FROM lineage.search(%s)", run_id.upper())

    assert (below, found) == ([("R",)], [(run_id,)])
    with pytest.raises(psycopg.errors.NoDataFound, match="there is no run 'r'"):
        rows(store_url, "SELECT run_id FROM lineage.run_upstream(%s)", "r")


def test_the_tasks_that_made_a_dag_run_late(store: Store, store_url: str) -> None:
    graph = {"a": ["b", "silent"], "b": ["c"], "silent": ["c"], "late": ["c"], "c": [], "d": []}
    put(
        store,
        [
            *dag(graph),
            *task("a", 1, 3),
            *task("b", 4, 6),
            *task("late", 1, 5),
            *task("c", 10, 29),
            *task("d", 1, 2),
        ],
    )
    query = "SELECT task_id, duration::text, wait::text FROM lineage.critical_path('dag run')"
    assert rows(store_url, query) == [
        ("c", "00:19:00", "00:04:00"),
        ("b", "00:02:00", "00:01:00"),
        ("a", "00:02:00", "00:01:00"),
    ]
    query = "SELECT job_name, duration::text, wait::text FROM lineage.run_timeline('night')"
    assert rows(store_url, query) == [
        ("dag", "00:30:00", None),
        ("dag.a", "00:02:00", None),
        ("dag.d", "00:01:00", None),
        ("dag.late", "00:04:00", None),
        ("dag.b", "00:02:00", "00:01:00"),
        ("dag.c", "00:19:00", "00:04:00"),
    ]


def test_tasks_that_could_not_say_when_they_ended(store: Store, store_url: str) -> None:
    """One was killed, of another all events are missing: Airflow says how long they took."""
    graph = {"a": ["killed", "lost"], "killed": ["c"], "lost": ["empty"], "empty": ["c"], "c": []}
    states = {
        "tasksState": {"killed": "failed", "lost": "success", "empty": "success"},
        "tasksDuration": {"killed": 420.0, "lost": 300.0},
    }

    def path(*killed: dict[str, Any]) -> list[tuple[Any, ...]]:
        ended = run("dag", [], [], 30, run_facets={"airflowState": states}, run_id="dag run")
        put(store, [*dag(graph), ended, *task("a", 1, 3), *task("c", 12, 29), *killed])
        query = (
            "SELECT task_id, run_id IS NULL, state, duration::text, wait::text"
            " FROM lineage.critical_path('dag run')"
        )
        return rows(store_url, query)

    assert path() == [
        ("c", False, "COMPLETE", "00:17:00", "00:02:00"),
        ("killed", True, "FAIL", "00:07:00", "00:00:00"),
        ("a", False, "COMPLETE", "00:02:00", "00:01:00"),
    ]
    restart(store, store_url)
    states["tasksDuration"] = {"killed": 60.0, "lost": 300.0}
    assert path(task("killed", 4, 5)[0]) == [
        ("c", False, "COMPLETE", "00:17:00", "00:04:00"),
        ("lost", True, "COMPLETE", "00:05:00", "00:00:00"),
        ("a", False, "COMPLETE", "00:02:00", "00:01:00"),
    ]


def test_what_would_break(store: Store, store_url: str) -> None:
    owners = {"ownership": {"owners": [{"name": "team:sales", "type": "OWNER"}]}}
    columns = {"fields": {"b": {"inputFields": [{"namespace": "data", "name": "t", "field": "a"}]}}}
    board = dataset("board", columnLineage=columns, **owners)
    put(store, [run("draw", ["t"], [board], 2, job_facets=owners)])
    query = "SELECT depth, kind, name, owners, last_state FROM lineage.impact('t')"
    assert rows(store_url, query) == [
        (1, "job", "draw", ["team:sales"], "COMPLETE"),
        (2, "dataset", "board", ["team:sales"], None),
    ]
    query = "SELECT name, field, owners FROM lineage.column_impact(NULL, 't', 'a')"
    assert rows(store_url, query) == [("board", "b", ["team:sales"])]


def test_where_a_text_stands_in_a_name(store: Store, store_url: str) -> None:
    schema = {"fields": [{"name": "order_id"}, {"name": "city"}]}
    output = dataset("warehouse.public.clean_orders", schema=schema)
    put(store, [run("etl.orders_daily", ["lake/events"], [output], run_id="7")])

    def search(text: str) -> list[tuple[Any, ...]]:
        query = "SELECT kind, found_name, found_field FROM lineage.search(%s) ORDER BY 1, 2"
        return rows(store_url, query, text)

    assert search("orders") == [
        ("dataset", "warehouse.public.clean_orders", None),
        ("job", "etl.orders_daily", None),
    ]
    assert search("Clean order") == [("dataset", "warehouse.public.clean_orders", None)]
    assert search("order_i") == [("column", "warehouse.public.clean_orders", "order_id")]
    assert search("7") == [("run", "etl.orders_daily", "7")]
    assert search("") == search("nothing") == []


def test_words_of_every_script_are_found(store: Store, store_url: str) -> None:
    names = ["sales.Umsätze_Köln", "заказы.day", "日本語"]
    put(store, [run("load", [], names)])
    query = "SELECT found_name FROM lineage.search(%s)"
    asked = {"Umsätze köln": 0, "заказы": 1, "day заказ": 1, "日本語": 2, "tze": None}
    for text, number in asked.items():
        expected = [] if number is None else [(names[number],)]
        assert [row for row in rows(store_url, query, text) if row != ("load",)] == expected, text


def test_what_differs_between_two_runs(store: Store, store_url: str) -> None:
    failed = run("j", ["a", "c"], ["out"], 2, run_id="two") | {"eventType": "FAIL"}
    put(store, [run("j", ["a", "b"], ["out"], 1, run_id="one"), failed])
    found = rows(store_url, "SELECT * FROM lineage.compare_runs('one', 'two')")
    assert ("state", "COMPLETE", "FAIL") in found
    assert ("input data:b", "read", None) in found
    assert ("input data:c", None, "read") in found
    assert not {"job_name", "input data:a", "output data:out"} & {what for what, _, _ in found}


def test_runs_are_compared_whichever_case_their_ids_are_given_in(
    store: Store, store_url: str
) -> None:
    one, other = (f"0198c0de-0000-7000-8000-00000000000{letter}" for letter in "ab")
    put(store, [run("j", ["a"], [], 1, run_id=one), run("j", ["b"], [], 2, run_id=other)])
    query = "SELECT * FROM lineage.compare_runs(%s, %s)"
    found = rows(store_url, query, one, other)
    assert ("input data:a", "read", None) in found
    assert rows(store_url, query, one.upper(), other.upper()) == found
