"""What became of each task of a DAG run, whoever says so: its own events or the DAG run's."""

from typing import Any

from consumer.store.store import Store
from tests.support.storing import each_way, put, rows

RUN = "01900000-0000-7000-8000-{:012x}"
DAG_RUN = RUN.format(0xD)
TASKS = (
    "SELECT task_id, map_index, tries, state, state_source, extract(epoch FROM duration)::float8"
    " FROM lineage.task_runs ORDER BY task_id, map_index"
)
COUNTS = "SELECT tasks, failed_tasks, tries, silent_tasks FROM lineage.dag_runs"
MISSING = (
    "SELECT missing, task_id, map_index, airflow_state FROM lineage.missing_events('100 years')"
    " ORDER BY missing, task_id, map_index"
)


def event(second: int, kind: str, run: str, job: str, **facets: Any) -> dict[str, Any]:
    """Return an event of a run of a job in namespace n."""
    return {
        "eventTime": f"2026-01-01T00:00:{second:02}Z",
        "eventType": kind,
        "producer": "https://example.org/airflow",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": run, "facets": facets},
        "job": {"namespace": "n", "name": job},
        "inputs": [],
        "outputs": [],
    }


def task(
    second: int, kind: str, number: int, task_id: str, map_index: int | None = None, retry: int = 1
) -> dict[str, Any]:
    """Return an event of a try (run `number`) of a task of the DAG run."""
    instance = {"try_number": retry} | ({} if map_index is None else {"map_index": map_index})
    airflow = {
        "dag": {"dag_id": "d"},
        "dagRun": {"run_id": "manual__1", "dag_id": "d"},
        "task": {"task_id": task_id, "queue": "fast", "operator_class_path": "x.Operator"},
        "taskInstance": instance | {"pool": "small"},
    }
    parent = {"run": {"runId": DAG_RUN}, "job": {"namespace": "n", "name": "d"}}
    return event(second, kind, RUN.format(number), f"d.{task_id}", airflow=airflow, parent=parent)


def ended(second: int, **states: tuple[str, float]) -> dict[str, Any]:
    """Return the DAG run's FAIL with what it says of its tasks."""
    state = {
        "dagRunState": "failed",
        "tasksState": {task_id: state for task_id, (state, _) in states.items()},
        "tasksDuration": {task_id: seconds for task_id, (_, seconds) in states.items()},
    }
    dag_run = {"dagRun": {"run_id": "manual__1", "dag_id": "d"}, "dag": {"dag_id": "d"}}
    return event(second, "FAIL", DAG_RUN, "d", airflowState=state, airflowDagRun=dag_run)


def test_what_nobody_sent_is_known_from_the_dag_run(store: Store, store_url: str) -> None:
    events = [
        *(task(1, "START", 1, "good"), task(3, "COMPLETE", 1, "good")),
        task(4, "START", 2, "killed"),
        *(task(5, "START", 3, "skips"), task(6, "COMPLETE", 3, "skips")),
        *(task(5, "START", 4, "retried"), task(6, "FAIL", 4, "retried")),
        *(task(7, "START", 5, "retried", retry=2), task(8, "COMPLETE", 5, "retried", retry=2)),
        task(5, "COMPLETE", 6, "without_start"),
        ended(
            9,
            good=("success", 1.5),
            killed=("failed", 4.25),
            skips=("skipped", 1),
            retried=("success", 1),
            without_start=("success", 2.5),
            never=("upstream_failed", 0),
            silent=("failed", 3),
            empty=("success", 0),
        ),
    ]
    for way in each_way(store, store_url, events):
        assert rows(store_url, TASKS) == [
            ("empty", None, 0, "success", "airflowState", 0.0),
            ("good", None, 1, "success", "own events", 2.0),
            ("killed", None, 1, "failed", "airflowState", 4.25),
            ("never", None, 0, "upstream_failed", "airflowState", 0.0),
            ("retried", None, 2, "success", "own events", 1.0),
            ("silent", None, 0, "failed", "airflowState", 3.0),
            ("skips", None, 1, "skipped", "airflowState", 1.0),
            ("without_start", None, 1, "success", "own events", 2.5),
        ], way
        assert rows(store_url, COUNTS) == [(5, 2, 6, 3)], way
        assert rows(store_url, MISSING) == [
            ("end", "killed", None, "failed"),
            ("task", "silent", None, "failed"),
        ], way


def test_columns_of_a_task(store: Store, store_url: str) -> None:
    put(store, [task(4, "START", 1, "t"), ended(9, t=("failed", 1), u=("failed", 1))])
    answer = rows(
        store_url,
        "SELECT job_namespace, dag_id, airflow_run_id, task_id, operator, queue, pool, run_id,"
        " dag_run_id, run_state, airflow_state FROM lineage.task_runs ORDER BY task_id",
    )
    common = ("n", "d", "manual__1")
    assert answer == [
        (
            *(*common, "t", "x.Operator", "fast", "small", RUN.format(1), DAG_RUN),
            *("RUNNING", "failed"),
        ),
        (*common, "u", None, None, None, None, DAG_RUN, None, "failed"),
    ]


def test_of_a_mapped_task_airflow_tells_one_state(store: Store, store_url: str) -> None:
    """An instance without an end takes it if no other instance is known to have it."""
    instances = [
        *(task(1, "START", 1, "m", 0), task(2, "COMPLETE", 1, "m", 0)),
        *(task(1, "START", 2, "m", 1), task(2, "COMPLETE", 2, "m", 1)),
        task(1, "START", 3, "m", 2),
    ]
    for state, expected in (
        ("failed", [("success",), ("success",), ("failed",)]),
        ("success", [("success",), ("success",), ("running",)]),
    ):
        for way in each_way(store, store_url, [*instances, ended(9, m=(state, 1))]):
            states = "SELECT state FROM lineage.task_runs ORDER BY map_index"
            assert rows(store_url, states) == expected, (state, way)


def test_what_a_task_sends_after_the_dag_run_ended_holds(store: Store, store_url: str) -> None:
    """A task that is run again, or marked by hand."""
    for kind, expected in (("COMPLETE", "success"), ("START", "running")):
        events = [
            *(task(1, "START", 1, "t"), task(2, "FAIL", 1, "t")),
            ended(5, t=("failed", 1)),
            task(8, kind, 2, "t", retry=2),
        ]
        for way in each_way(store, store_url, events):
            state = "SELECT state, state_source FROM lineage.task_runs"
            assert rows(store_url, state) == [(expected, "own events")], (kind, way)


def test_a_dag_run_that_timed_out_says_that_a_task_runs(store: Store, store_url: str) -> None:
    put(store, [task(1, "START", 1, "t"), task(3, "FAIL", 1, "t"), ended(5, t=("running", 1))])
    assert rows(store_url, "SELECT state FROM lineage.task_runs") == [("failed",)]


def test_whatever_is_in_airflow_state(store: Store, store_url: str) -> None:
    odd: dict[str, Any] = {
        "a": ({"no": "state"}, "soon"),
        "b": (None, 1e300),
        "c": ("success", -1),
        "d": (7, True),
    }
    put(store, [ended(5, **odd)])
    states = "SELECT task_id, state, duration FROM lineage.task_runs ORDER BY 1"
    assert [row[0] for row in rows(store_url, states)] == ["a", "b", "c", "d"]
    assert {row[2] for row in rows(store_url, states)} == {None}


def test_a_dag_and_tasks_told_only_by_their_job_type(store: Store, store_url: str) -> None:
    def typed(kind: str, run: str, job: str, job_type: str, **facets: Any) -> dict[str, Any]:
        made = event(1, kind, run, job, **facets)
        about = {"integration": "AIRFLOW", "jobType": job_type, "processingType": "BATCH"}
        made["job"]["facets"] = {"jobType": about}
        return made

    parent = {"run": {"runId": DAG_RUN}, "job": {"namespace": "n", "name": "sync"}}
    events = [
        typed("COMPLETE", DAG_RUN, "sync", "DAG"),
        typed("COMPLETE", RUN.format(1), "sync.load", "TASK", parent=parent),
        typed("FAIL", RUN.format(2), "sync.check", "TASK", parentRun=parent),
    ]
    for way in each_way(store, store_url, events):
        dag_runs = "SELECT run_id, dag_id, state, tasks, failed_tasks FROM lineage.dag_runs"
        assert rows(store_url, dag_runs) == [(DAG_RUN, "sync", "COMPLETE", 2, 1)], way
        tasks = "SELECT dag_id, task_id, state FROM lineage.task_runs ORDER BY task_id"
        assert rows(store_url, tasks) == [
            ("sync", "check", "failed"),
            ("sync", "load", "success"),
        ], way


def test_dag_runs_and_runs_that_fell_silent(store: Store, store_url: str) -> None:
    """Compared with now: an end that is missing for a day, and DAG runs without their tasks."""
    recent = task(1, "START", 2, "recent")
    recent["eventTime"] = rows(store_url, "SELECT to_json(now() + '1 hour') #>> '{}'")[0][0]
    silent = event(1, "START", RUN.format(7), "e", airflowDagRun={"dagRun": {"run_id": "x"}})
    put(store, [task(1, "START", 1, "old"), recent, silent])
    gaps = "SELECT missing, job_name FROM lineage.missing_events ORDER BY 1, 2"
    assert rows(store_url, gaps) == [("end", "d.old"), ("end", "e"), ("tasks", "e")]
    later = gaps.replace("missing_events", "missing_events('-2 hours')")
    assert ("end", "d.recent") in rows(store_url, later)


def test_a_dag_of_empty_tasks_misses_nothing(store: Store, store_url: str) -> None:
    start = event(1, "START", DAG_RUN, "d", airflowDagRun={"dagRun": {"run_id": "manual__1"}})
    tasks = {"only": {"operator": "x.EmptyOperator", "emits_ol_events": False}}
    start["job"]["facets"] = {"airflow": {"tasks": tasks, "taskGroups": {}}}
    put(store, [start, ended(3, only=("success", 0.0))])
    assert rows(store_url, MISSING) == []
    tasks["other"] = {"operator": "x.BashOperator", "emits_ol_events": True}
    start["run"]["runId"] = RUN.format(2)
    put(store, [start])
    assert rows(store_url, MISSING.replace("100 years", "1 day"))[-1][0] == "tasks"
