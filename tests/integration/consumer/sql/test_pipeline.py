"""pipeline_run_id reaches every run of a family, by the rule that docs/sql.md tells.

Where a run names its own is asked in test_pipeline_run_id_rule.py.
"""

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumer.store.store import Store
from tests.support import corpus
from tests.support.families import event, own, two_dags
from tests.support.storing import each_way, put, restart, rows


def found(url: str) -> dict[str, str | None]:
    """Return the pipeline run of each run."""
    return dict(rows(url, "SELECT run_id, pipeline_run_id FROM lineage.runs"))


def test_up_and_down_and_to_those_who_come_later(store: Store, store_url: str) -> None:
    put(store, [event("query", 3, "task 1"), event("task 1", 1, "dag"), event("task 2", 2, "dag")])
    assert set(found(store_url).values()) == {None}
    put(store, [event("task 2", 4, "dag", **own("P"))])
    assert found(store_url) == dict.fromkeys(["dag", "task 1", "task 2", "query"], "P")
    put(store, [event("late query", 9, "late task"), event("late task", 8, "dag")])
    assert found(store_url)["late query"] == found(store_url)["late task"] == "P"


def test_whose_id_is_taken(store: Store, store_url: str) -> None:
    put(store, two_dags())
    assert found(store_url) == {
        **{"dag": "B", "a": "A", "b": "B", "under a": "A", "none": "B"},
        **{"other dag": "O", "other task": "O", "named": "N"},
    }


def test_a_run_that_moves_to_another_parent_takes_its_id_along(
    store: Store, store_url: str
) -> None:
    put(store, [event("task", 1, "one", **own("P")), event("friend", 1, "one")])
    assert found(store_url) == {"one": "P", "task": "P", "friend": "P"}
    put(store, [event("task", 2, "two")])
    assert found(store_url) == {"one": None, "friend": None, "task": "P", "two": "P"}


def test_circles_end(store: Store, store_url: str) -> None:
    put(store, [event("a", 1, "b"), event("b", 1, "c"), event("c", 1, "a", **own("C"))])
    put(store, [event("self", 1, "self", **own("S"))])
    assert found(store_url) == {"a": "C", "b": "C", "c": "C", "self": "S"}


def after(run: str) -> dict[str, Any]:
    """Return the facet of a run that another run, `run`, had to end for."""
    job = {"namespace": "n", "name": f"job of {run}"}
    return {"jobDependencies": {"upstream": [{"run": {"runId": run}, "job": job}]}}


def test_over_the_assets_that_schedule_a_dag(store: Store, store_url: str) -> None:
    """A DAG that an asset schedules depends on the task that wrote it, not on that task's DAG."""
    events = [
        event("task", 2, "dag", **own("P")),
        event("asset dag", 5, **after("task")),
        event("asset task", 6, "asset dag"),
        event("next asset dag", 8, **after("asset task")),
    ]
    everything = ["dag", "task", "asset dag", "asset task", "next asset dag"]
    for way in each_way(store, store_url, events):
        assert found(store_url) == dict.fromkeys(everything, "P"), way


def test_over_the_assets_of_a_real_airflow(store: Store, store_url: str) -> None:
    """Whichever run writes the asset, what it scheduled has the pipeline run of that."""
    if "airflow211" not in corpus.names():
        pytest.skip("the events of Airflow 2.11 are not at hand")
    events = corpus.events("airflow211")
    for each in events:
        if each["job"]["name"] == "shop_sql":
            each["run"]["facets"] |= own(f"pipeline of {each['run']['runId']}")
    put(store, events)
    upstream = {
        each["run"]["runId"]: dependency["run"]["runId"]
        for each in events
        for dependency in each["run"]["facets"].get("jobDependencies", {}).get("upstream", ())
    }
    pipelines = found(store_url)
    assert len(upstream) > 5
    for run, other in upstream.items():
        assert str(pipelines[run]).startswith("pipeline of "), run
        assert pipelines[run] == pipelines[other], run


def expected_by_rule(events: list[dict[str, Any]]) -> dict[str, str | None]:
    """Return what the rule says, worked out run by run from the final state."""
    parent: dict[str, str] = {}
    named: dict[str, str] = {}
    first: dict[str, str] = {}
    runs: set[str] = set()
    for each in sorted(events, key=lambda e: str(e["eventTime"])):
        run, facets = each["run"]["runId"], each["run"]["facets"]
        first.setdefault(run, each["eventTime"])
        runs.add(run)
        if "parent" in facets:
            parent[run] = facets["parent"]["run"]["runId"]
            runs.add(parent[run])
        if "openlineageAvro_pipelineRun" in facets:
            named[run] = facets["openlineageAvro_pipelineRun"]["pipelineRunId"]

    def line(run: str) -> list[str]:
        ancestors = [run]
        while (above := parent.get(ancestors[-1])) and above not in ancestors:
            ancestors.append(above)
        return ancestors

    def top(run: str) -> set[str]:
        """Return the topmost run; where runs are linked in a circle, all of it."""
        last = line(run)[-1]
        return set(line(last))

    def answer(run: str) -> str | None:
        for ancestor in line(run):
            if ancestor in named:
                return named[ancestor]
        family = [other for other in named if top(other) == top(run)]
        if not family:
            return None
        return min((first[other], named[other]) for other in family)[1]

    return {run: answer(run) for run in runs}


@st.composite
def families(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Events of a few runs, each at a time of its own, with parents in any direction."""
    names = ["a", "b", "c", "d", "e", "f"]
    events = []
    for second in range(draw(st.integers(1, 10))):
        pipeline = draw(st.sampled_from([None, None, "P", "Q", "R"]))
        facets: dict[str, Any] = own(pipeline) if pipeline else {}
        run, parent = draw(st.sampled_from(names)), draw(st.sampled_from([None, *names]))
        events.append(event(run, second, parent, **facets))
    return events


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(families(), st.randoms(use_true_random=False))
def test_the_rule_holds_in_any_order(
    store: Store, store_url: str, events: list[dict[str, Any]], chance: random.Random
) -> None:
    restart(store, store_url)
    shuffled = list(events)
    chance.shuffle(shuffled)
    put(store, shuffled, chance.choice([1, 3, 20]))
    assert found(store_url) == expected_by_rule(events)


def test_what_became_of_a_pipeline_run(store: Store, store_url: str) -> None:
    """Its state is that of its topmost runs; a try that was retried does not count."""

    def of(run: str, second: int, kind: str, parent: str | None = None, **more: Any) -> Any:
        made = event(run, second, parent, **more.pop("facets", {}))
        return made | {"eventType": kind} | more

    def airflow(number: int) -> dict[str, Any]:
        return {
            "airflow": {
                "dag": {"dag_id": "job of dag"},
                "task": {"task_id": "t"},
                "taskInstance": {"try_number": number},
            }
        }

    read, written = {"namespace": "d", "name": "in"}, {"namespace": "d", "name": "out"}
    tasks = [
        of("try 1", 2, "FAIL", "dag", facets=airflow(1) | own("P"), inputs=[read]),
        of("try 2", 4, "COMPLETE", "dag", facets=airflow(2), outputs=[written]),
    ]
    pipeline = (
        "SELECT state, runs, extract(epoch FROM duration)::int, dag_ids, inputs, outputs"
        " FROM lineage.pipeline_runs WHERE pipeline_run_id = 'P'"
    )
    rest = (["job of dag"], ["d:in"], ["d:out"])
    for ends, state in (
        ([], "COMPLETE"),  # no event of the DAG run came: the tasks' last tries count
        ([of("dag", 1, "START")], "RUNNING"),
        ([of("dag", 1, "START"), of("dag", 9, "FAIL")], "FAIL"),
        ([of("dag", 9, "COMPLETE"), of("killed", 3, "START", "dag")], "COMPLETE"),
        ([of("dag", 9, "COMPLETE"), of("other", 9, "ABORT", facets=own("P"))], "ABORT"),
    ):
        for way in each_way(store, store_url, [*tasks, *ends]):
            seen = rows(store_url, pipeline)
            assert seen[0][0] == state, (ends, way)
            assert seen[0][3:] == rest, (ends, way)
