"""What changed: versions of task graphs, of schemas; owners, tags and checks as they stand."""

from itertools import pairwise
from typing import Any

import psycopg
import pytest

from consumer.store.store import Store
from tests.support.storing import each_way, put, rows

RUN = "01900000-0000-7000-8000-{:012x}"


def event(second: int, number: int, job: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a START of a run of a job."""
    return {
        "eventTime": f"2026-01-01T00:00:{second:02}Z",
        "eventType": "START",
        "producer": "https://example.org/producer",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": RUN.format(number), "facets": {}},
        "job": {"namespace": "n", "name": "j"} | job,
        "inputs": [],
        "outputs": [],
    } | more


def facet(**members: Any) -> dict[str, Any]:
    """Return a facet as producers send it."""
    return {"_producer": "https://example.org/p", "_schemaURL": "https://example.org/s"} | members


def dag(second: int, number: int, tasks: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the START of a DAG run with its task graph."""
    job = {"name": "d", "facets": {"airflow": facet(tasks=tasks, taskGroups={}, **more)}}
    made = event(second, number, job)
    made["run"]["facets"]["airflowDagRun"] = facet(dagRun={"run_id": "r"}, dag={"dag_id": "d"})
    return made


def chain(*tasks: str, operator: str = "x.Bash") -> dict[str, Any]:
    """Return a graph's tasks, each after the one before."""
    after = dict(pairwise(tasks))
    return {
        task: {"operator": operator, "downstream_task_ids": [after[task]] if task in after else []}
        for task in tasks
    }


OLD, NEW = chain("a", "c", "b"), chain("a", "b", "e")


def test_each_version_of_a_graph(store: Store, store_url: str) -> None:
    events = [dag(1, 1, OLD), dag(3, 2, OLD), dag(5, 3, NEW), dag(4, 4, OLD)]
    for way in each_way(store, store_url, events):
        versions = (
            "SELECT extract(second FROM first_used_at)::int,"
            " extract(second FROM last_used_at)::int, is_current, dag_runs, tasks, edges"
            " FROM lineage.dag_versions ORDER BY first_used_at"
        )
        assert rows(store_url, versions) == [(1, 4, False, 3, 3, 2), (5, 5, True, 1, 3, 2)], way
        edges = (
            "SELECT from_id, to_id FROM lineage.task_graph_edges WHERE task_graph_id ="
            " (SELECT task_graph_id FROM lineage.dag_runs WHERE run_id = %s) ORDER BY 1"
        )
        assert rows(store_url, edges, RUN.format(1)) == [("a", "c"), ("c", "b")], way
        assert rows(store_url, edges, RUN.format(3)) == [("a", "b"), ("b", "e")], way
        nodes = "SELECT node_id FROM lineage.task_graph_nodes WHERE is_current ORDER BY 1"
        assert rows(store_url, nodes) == [("a",), ("b",), ("e",)], way


def test_a_graph_that_comes_back_is_one_version(store: Store, store_url: str) -> None:
    put(store, [dag(1, 1, OLD), dag(2, 2, NEW), dag(3, 3, OLD)])
    versions = "SELECT is_current, dag_runs FROM lineage.dag_versions ORDER BY first_used_at"
    assert rows(store_url, versions) == [(True, 2), (False, 1)]
    edges = "SELECT count(*) FROM lineage.task_graph_edges"
    assert rows(store_url, edges) == [(4,)]


def test_what_changed_between_two_versions(store: Store, store_url: str) -> None:
    changed = NEW | {"a": NEW["a"] | {"operator": "x.Python"}}
    put(store, [dag(1, 1, OLD), dag(2, 2, changed)])
    (old,), (new,) = rows(
        store_url, "SELECT task_graph_id FROM lineage.dag_versions ORDER BY first_used_at"
    )
    what = "SELECT change, kind, id, to_id FROM lineage.dag_changes"
    latest = rows(store_url, f"{what}('d')")
    assert latest == [
        ("changed", "task", "a", None),
        ("removed", "task", "c", None),
        ("added", "task", "e", None),
        ("added", "edge", "a", "b"),
        ("removed", "edge", "a", "c"),
        ("added", "edge", "b", "e"),
        ("removed", "edge", "c", "b"),
    ]
    assert rows(store_url, f"{what}('d', %s, %s)", old, new) == latest
    back = rows(store_url, f"{what}('d', %s, %s)", new, old)
    assert [row[0] for row in back[:3]] == ["changed", "added", "removed"]
    assert rows(store_url, f"{what}('d', %s, %s)", old, old) == []
    assert rows(store_url, f"{what}('d', other => %s)", old) == [], "there is none before it"
    how = "SELECT before ->> 'operator', after ->> 'operator' FROM lineage.dag_changes('d')"
    assert rows(store_url, f"{how} WHERE change = 'changed'") == [("x.Bash", "x.Python")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("'e'", "dag: expected a dag_id of lineage.dag_versions, got 'e'"),
        ("NULL", "dag: expected a dag_id of lineage.dag_versions, got null"),
        (
            "'d', '00000000-0000-0000-0000-000000000001'",
            "task graph: expected one of DAG 'd': .*, got 00000000-0000-0000-0000-000000000001",
        ),
    ],
)
def test_what_is_no_version(store: Store, store_url: str, arguments: str, message: str) -> None:
    put(store, [dag(1, 1, OLD)])
    with pytest.raises(psycopg.errors.InvalidParameterValue, match=message):
        rows(store_url, f"SELECT * FROM lineage.dag_changes({arguments})")  # noqa: S608


def test_the_tree_of_older_providers(store: Store, store_url: str) -> None:
    tree = {"a": {"g.b": {"g.c": {"z": {}}}, "d": {"z": {}}}}
    tasks: dict[str, Any] = {name: {"operator": "x"} for name in ("a", "g.b", "g.c", "d", "z")}
    for way in each_way(store, store_url, [dag(1, 1, tasks, taskTree=tree)]):
        edges = "SELECT from_id, to_id FROM lineage.task_graph_edges ORDER BY 1, 2"
        assert rows(store_url, edges) == [
            *(("a", "d"), ("a", "g.b"), ("d", "z"), ("g.b", "g.c"), ("g.c", "z")),
        ], way


def table(second: int, facets: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return an event of a job that writes a table."""
    return event(second, 1, {}, outputs=[{"namespace": "d", "name": "t", "facets": facets} | more])


def test_the_schemas_a_dataset_had(store: Store, store_url: str) -> None:
    one, two = [{"name": "a", "type": "int"}], [{"name": "a", "type": "text"}, {"name": "b"}]
    events = [
        table(1, {"schema": facet(fields=one), "version": facet(datasetVersion="7")}),
        table(2, {"schema": facet(fields=one), "version": facet(datasetVersion="8")}),
        table(4, {"schema": facet(fields=two), "version": facet(datasetVersion="9")}),
        table(6, {"schema": facet(_deleted=True)}),
    ]
    for way in each_way(store, store_url, events):
        versions = (
            "SELECT name, extract(second FROM valid_from)::int, extract(second FROM valid_to)::int,"
            " fields, dataset_version, is_deleted FROM lineage.dataset_versions ORDER BY valid_from"
        )
        assert rows(store_url, versions) == [
            ("t", 1, 4, one, "8", False),
            ("t", 4, 6, [*two[:1], {"name": "b"}], "9", False),
            ("t", 6, None, [], "9", True),
        ], way


def test_owners_and_tags(store: Store, store_url: str) -> None:
    owned = facet(owners=[{"name": "team a", "type": "OWNER"}, {"name": "bo"}])
    tags = [
        {"key": "pii", "value": "true", "source": "USER", "field": "a"},
        {"key": "tier", "value": "1"},
    ]
    job = {"facets": {"ownership": owned, "tags": facet(tags=tags[1:])}}
    made = table(1, {"ownership": facet(owners=[{"name": "dba"}]), "tags": facet(tags=tags)})
    events = [made | {"job": made["job"] | job}]
    for way in each_way(store, store_url, events):
        owners = "SELECT kind, namespace, name, owner, type FROM lineage.owners ORDER BY 1, 4"
        assert rows(store_url, owners) == [
            ("dataset", "d", "t", "dba", None),
            ("job", "n", "j", "bo", None),
            ("job", "n", "j", "team a", "OWNER"),
        ], way
        found = "SELECT kind, name, key, value, source, field FROM lineage.tags ORDER BY 1, 3"
        assert rows(store_url, found) == [
            ("dataset", "t", "pii", "true", "USER", "a"),
            ("dataset", "t", "tier", "1", None, None),
            ("job", "j", "tier", "1", None, None),
        ], way


def test_a_check_is_of_the_job_that_its_run_says(store: Store, store_url: str) -> None:
    checks = {"dataQualityAssertions": facet(assertions=[{"assertion": "unique", "success": True}])}
    began, ended = table(1, checks), table(2, checks)
    began["job"]["name"] = "app"
    ended["job"]["name"] = "app.table"
    for way in each_way(store, store_url, [began, ended | {"run": began["run"]}]):
        found = "SELECT job_name FROM lineage.{} WHERE run_id = %s"
        shown = [rows(store_url, found.format(view), RUN.format(1)) for view in FROM_RUNS]
        assert shown == [[("app.table",)]] * 2, way


FROM_RUNS = ("runs", "quality_checks")


def test_checks_and_amounts(store: Store, store_url: str) -> None:
    checks = [
        {"assertion": "not_null", "column": "a", "success": False, "severity": "error"},
        {"assertion": "row_count", "success": True},
    ]
    amounts = facet(rowCount=7, size=70, fileCount=2)
    made = table(
        5,
        {"dataQualityAssertions": facet(assertions=checks)},
        outputFacets={"outputStatistics": amounts},
    )
    made["inputs"] = [
        {"namespace": "d", "name": "s", "inputFacets": {"inputStatistics": facet(rowCount=3)}}
    ]
    made["run"]["facets"]["test"] = facet(tests=[{"name": "mine", "status": "pass"}])
    for way in each_way(store, store_url, [made]):
        found = (
            "SELECT run_id, job_name, name, assertion, column_name, success, severity,"
            " extract(second FROM event_time)::int FROM lineage.quality_checks ORDER BY assertion"
        )
        run = RUN.format(1)
        assert rows(store_url, found) == [
            (run, "j", None, "mine", None, True, None, 5),
            (run, "j", "t", "not_null", "a", False, "error", 5),
            (run, "j", "t", "row_count", None, True, None, 5),
        ], way
        read = "SELECT run_id, name, rows, bytes, files FROM lineage.run_inputs"
        written = read.replace("inputs", "outputs")
        assert rows(store_url, read) == [(run, "s", 3, None, None)], way
        assert rows(store_url, written) == [(run, "t", 7, 70, 2)], way
