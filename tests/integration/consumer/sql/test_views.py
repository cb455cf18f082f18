"""What the views say of runs, jobs and datasets, whatever producers leave out."""

from typing import Any

from consumer.store.store import Store
from openlineage_avro.event import doctor_event
from tests.support.storing import each_way, put, rows


def event(second: int, **more: Any) -> dict[str, Any]:
    """Return a START event of run r of job j."""
    return {
        "eventTime": f"2026-01-01T00:00:{second:02}Z",
        "eventType": "START",
        "run": {"runId": "r"},
        "job": {"namespace": "n", "name": "j"},
    } | more


def task(run: str, try_number: int, state: str, second: int, map_index: int = -1) -> dict[str, Any]:
    """Return an event of a try of an Airflow task of DAG d."""
    instance: dict[str, Any] = {"try_number": try_number}
    if map_index >= 0:
        instance["map_index"] = map_index
    facets = {
        "airflow": {
            "dag": {"dag_id": "d"},
            "dagRun": {"run_id": "manual__1"},
            "task": {"task_id": "t"},
            "taskInstance": instance,
        },
        "parent": {"run": {"runId": "dag"}, "job": {"namespace": "n", "name": "d"}},
    }
    job = {"namespace": "n", "name": "d.t"}
    return event(second, eventType=state, run={"runId": run, "facets": facets}, job=job)


def test_a_dag_run_known_only_from_its_tasks(store: Store, store_url: str) -> None:
    put(
        store,
        [
            *(task("one", 1, "START", 1, 0), task("one", 1, "FAIL", 2, 0)),
            *(task("two", 2, "START", 3, 0), task("two", 2, "COMPLETE", 4, 0)),
            *(task("three", 1, "START", 3, 1), task("three", 1, "FAIL", 4, 1)),
        ],
    )
    query = (
        "SELECT run_id, dag_id, airflow_run_id, state, tasks, failed_tasks, tries"
        " FROM lineage.dag_runs"
    )
    assert rows(store_url, query) == [("dag", "d", "manual__1", None, 2, 1, 3)]
    dag = {"namespace": "n", "name": "d"}
    dag_facet = {"airflowDagRun": {"dagRun": {"dag_id": "d", "run_id": "manual__1"}}}
    put(
        store,
        [
            event(0, run={"runId": "dag", "facets": dag_facet}, job=dag),
            event(9, run={"runId": "dag"}, job=dag, eventType="FAIL"),
        ],
    )
    assert rows(store_url, query) == [("dag", "d", "manual__1", "FAIL", 2, 1, 3)]


def test_airflow_ids_of_a_task(store: Store, store_url: str) -> None:
    put(store, [task("one", 3, "START", 1, 7)])
    query = (
        "SELECT dag_id, airflow_run_id, task_id, map_index, try_number, parent_run_id, is_dag_run"
        " FROM lineage.runs WHERE run_id = 'one'"
    )
    assert rows(store_url, query) == [("d", "manual__1", "t", 7, 3, "dag", False)]


def test_columns_from_facets_whatever_is_in_them(store: Store, store_url: str) -> None:
    good = {
        "nominalTime": {
            "nominalStartTime": "2026-01-01",
            "nominalEndTime": "2026-01-02T01:00+01:00",
        },
        "errorMessage": {"message": "it broke"},
    }
    bad = {
        "nominalTime": {"nominalStartTime": "now", "nominalEndTime": "2026-02-30T00:00:00Z"},
        "errorMessage": {"message": {"not": "text"}},
        "airflow": {"taskInstance": {"try_number": 99999999999, "map_index": "x"}, "dag": []},
        "parent": "text",
        "tags": "text",
    }
    put(
        store,
        [
            event(1, run={"runId": "good", "facets": good}),
            event(1, run={"runId": "bad", "facets": bad}),
        ],
    )
    answer = rows(
        store_url,
        "SELECT run_id, nominal_start_time AT TIME ZONE 'UTC', nominal_end_time AT TIME ZONE 'UTC',"
        " error_message, try_number, map_index FROM lineage.runs ORDER BY run_id DESC",
    )
    assert [tuple(map(str, row)) for row in answer] == [
        ("good", "2026-01-01 00:00:00", "2026-01-02 00:00:00", "it broke", "None", "None"),
        ("bad", "None", "None", "None", "None", "None"),
    ]


def test_deleted_facets_go_and_their_columns_with_them(store: Store, store_url: str) -> None:
    def job(second: int, facet: dict[str, Any]) -> dict[str, Any]:
        job = {"namespace": "n", "name": "j", "facets": {"documentation": facet, "keep": {"a": 1}}}
        return event(second, job=job, inputs=[job])

    described = (
        "SELECT description FROM lineage.jobs UNION ALL SELECT description FROM lineage.datasets"
    )
    put(store, [job(1, {"description": "old"}), job(3, {"description": "new"})])
    assert rows(store_url, described) == [("new",), ("new",)]
    put(store, [job(4, {"_deleted": True}), job(2, {"description": "late"})])
    assert rows(store_url, described) == [(None,), (None,)]
    names = "SELECT name FROM lineage.job_facets UNION ALL SELECT name FROM lineage.dataset_facets"
    assert rows(store_url, names) == [("keep",), ("keep",)]
    put(store, [job(5, {"description": "again"})])
    assert rows(store_url, described) == [("again",), ("again",)]


def test_job_and_dataset_events(store: Store, store_url: str) -> None:
    dataset = {"namespace": "d", "name": "x", "facets": {"schema": {"fields": [{"name": "a"}]}}}
    column = {"fields": {"a": {"inputFields": [{"namespace": "d", "name": "y", "field": "b"}]}}}
    static = dataset | {"facets": {"columnLineage": column}}
    put(
        store,
        [
            event(1, run=None, inputs=[dataset | {"inputFacets": {"f": {"v": 1}}}], outputs=[]),
            event(2, run=None, job=None, dataset=static),
        ],
    )
    assert rows(store_url, "SELECT * FROM lineage.runs") == []
    kinds = "SELECT kind, job_name, dataset_name FROM lineage.events ORDER BY event_time"
    assert rows(store_url, kinds) == [("JobEvent", "j", None), ("DatasetEvent", None, "x")]
    facets = "SELECT run_id, job_name, dataset_name, name, facet FROM lineage.input_facets"
    assert rows(store_url, facets) == [(None, "j", "x", "f", {"v": 1})]
    columns = "SELECT name, field, input_name, input_field, job_name FROM lineage.column_lineage"
    assert rows(store_url, columns) == [("x", "a", "y", "b", None)]
    assert rows(store_url, "SELECT direction FROM lineage.job_datasets") == [("input",)]
    assert rows(store_url, "SELECT name FROM lineage.datasets ORDER BY name") == [("x",), ("y",)]


def test_the_current_task_graph_is_that_of_the_latest_start(store: Store, store_url: str) -> None:
    def dag(run: str, second: int, *tasks: str) -> dict[str, Any]:
        graph = {
            "tasks": {
                t: {"downstream_task_ids": [*tasks[i + 1 : i + 2]]} for i, t in enumerate(tasks)
            }
        }
        job = {"namespace": "n", "name": "d", "facets": {"airflow": graph}}
        return event(second, run={"runId": run, "facets": {"airflowDagRun": {}}}, job=job)

    put(
        store,
        [dag("new", 5, "a", "b"), dag("old", 1, "a", "c", "b"), dag("older", 0, "a", "c", "b")],
    )
    edges = "SELECT from_id, to_id FROM lineage.task_graph_edges WHERE is_current"
    assert rows(store_url, edges) == [("a", "b")]
    versions = "SELECT count(DISTINCT task_graph_id), count(*) FROM lineage.dag_runs"
    assert rows(store_url, versions) == [(2, 3)]
    stored = "SELECT count(*) FROM lineage_store.task_graph_edges"
    assert rows(store_url, stored) == [(3,)], "each version of a graph is stored once"


def test_the_job_of_a_run_is_that_of_its_latest_event(store: Store, store_url: str) -> None:
    def named(
        run: str, job: str, second: int, parent: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        facets = {"parent": parent} if parent else {}
        job_named = {"namespace": "n", "name": job}
        return event(second, run={"runId": run, "facets": facets}, job=job_named)

    claim = {
        "run": {"runId": "r"},
        "job": {"namespace": "n", "name": "claimed"},
        "root": {"run": {"runId": "r"}, "job": {"namespace": "n", "name": "by root"}},
    }
    job = "SELECT job_name FROM lineage.runs WHERE run_id = 'r'"
    put(store, [named("child", "c", 8, claim)])
    assert rows(store_url, job) == [("claimed",)]
    put(store, [named("r", "early", 1)])
    assert rows(store_url, job) == [("early",)]
    put(store, [named("r", "latest", 5), named("r", "middle", 3)])
    assert rows(store_url, job) == [("latest",)]


def test_the_latest_run_is_that_of_the_latest_events(store: Store, store_url: str) -> None:
    """Newer runs may send an end only, or say only that they run."""
    begun = [event(1), event(2, eventType="FAIL")]
    for kind in ("COMPLETE", "RUNNING"):
        late = event(9, eventType=kind, run={"runId": "late"})
        for way in each_way(store, store_url, [*begun, late]):
            job = (
                "SELECT latest_run_id, latest_state, latest_started_at,"
                " extract(second FROM latest_event_at)::int FROM lineage.jobs"
            )
            assert rows(store_url, job) == [("late", kind, None, 9)], (kind, way)


def test_a_dag_run_that_sent_only_its_end_has_a_time(store: Store, store_url: str) -> None:
    dag = {"airflowDagRun": {"dagRun": {"dag_id": "d", "run_id": "manual__1"}}}
    put(store, [event(7, eventType="COMPLETE", run={"runId": "r", "facets": dag})])
    times = (
        "SELECT state, started_at, extract(second FROM first_event_at)::int,"
        " extract(second FROM last_event_at)::int FROM lineage.dag_runs"
    )
    assert rows(store_url, times) == [("COMPLETE", None, 7, 7)]


def test_the_event_of_doctor_is_kept_and_is_no_lineage(store: Store, store_url: str) -> None:
    trial = {
        "eventTime": "2026-01-01T00:00:00Z",
        "producer": doctor_event.PRODUCER,
        "job": {"namespace": doctor_event.NAMESPACE, "name": doctor_event.NAME},
    }
    for way in each_way(store, store_url, [trial, event(1)]):
        kinds = "SELECT kind, job_name, event #>> '{job,name}' FROM lineage.events ORDER BY 1"
        assert rows(store_url, kinds) == [("JobEvent", None, "doctor"), ("RunEvent", "j", "j")], way
        assert rows(store_url, "SELECT name FROM lineage.jobs") == [("j",)], way
        put(store, [trial])
        assert rows(store_url, "SELECT duplicates FROM lineage.partitions") == [(1,)], way


def test_the_parent_under_its_old_name(store: Store, store_url: str) -> None:
    parent = {"run": {"runId": "p"}, "job": {"namespace": "n", "name": "nightly"}}
    pipeline = {"pipeline_run_id": {"pipeline_run_id": "P"}}
    events = [
        event(1, run={"runId": "child", "facets": {"parentRun": parent}}),
        event(2, run={"runId": "p", "facets": pipeline}),
    ]
    for way in each_way(store, store_url, events):
        child = "SELECT parent_run_id, pipeline_run_id FROM lineage.runs WHERE run_id = 'child'"
        assert rows(store_url, child) == [("p", "P")], way
