"""The state of the store does not depend on the order in which events are consumed."""

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumer.store.store import Store
from tests.support import corpus
from tests.support.storing import CLUSTER, dump, put, restart, rows

TIMES = [f"2026-01-01T00:00:0{second}Z" for second in range(5)]


def all_events() -> list[Any]:
    """Return the corpus, and an event with what Airflow's lack: facets of inputs and outputs."""
    facet = {"_producer": "p", "_schemaURL": "u", "rowCount": 7}
    dataset = {"namespace": "n", "name": "table"}
    return [
        *corpus.all_events(),
        {
            "eventTime": TIMES[0],
            "eventType": "COMPLETE",
            "run": {"runId": "00000000-0000-0000-0000-000000000001"},
            "job": {"namespace": "n", "name": "job"},
            "inputs": [{**dataset, "inputFacets": {"inputStatistics": facet}}],
            "outputs": [{**dataset, "outputFacets": {"outputStatistics": facet}}],
        },
    ]


@pytest.fixture(scope="module")
def expected(session_url: str) -> dict[str, list[str]]:
    """Return the dump of the whole corpus stored in its own order."""
    store = Store(session_url, CLUSTER)
    restart(store, session_url)
    put(store, all_events())
    store.close()
    return dump(session_url)


@pytest.mark.parametrize(("seed", "size"), [(0, 1000), (1, 100), (2, 17)])
def test_the_corpus_in_any_order(
    expected: dict[str, list[str]], store: Store, store_url: str, seed: int, size: int
) -> None:
    events = all_events()
    random.Random(seed).shuffle(events)
    put(store, events, size)
    found = dump(store_url)
    for view, wanted in expected.items():
        assert found[view] == wanted, view
    assert all(expected.values()), "every view has rows"


def test_the_corpus_backwards_one_by_one_and_twice(store: Store, store_url: str) -> None:
    events = corpus.all_events()[::5]
    put(store, events[::-1], 1)
    backwards = dump(store_url)
    put(store, events, 7)
    assert dump(store_url) == backwards
    restart(store, store_url)
    put(store, events)
    assert dump(store_url) == backwards


def small_events() -> st.SearchStrategy[dict[str, Any]]:
    """Events that collide in every way: few runs, jobs, datasets, facets and times."""
    name = st.sampled_from(["a", "b"])
    job = st.builds(lambda n, f: {"namespace": "n", "name": n, "facets": f}, name, facets())
    parent = st.builds(
        lambda r, j, k: {
            "run": {"runId": r},
            "job": {"namespace": "n", "name": j},
            "root": {"run": {"runId": k}, "job": {"namespace": "n", "name": j}},
        },
        *(st.sampled_from("rstu"), name, st.sampled_from("rstu")),
    )
    run_facets = st.builds(
        lambda f, p, i, a: f | p | i | a,
        facets(),
        st.just({}) | st.builds(lambda p: {"parent": p}, parent),
        st.just({}) | st.builds(lambda i: {"pipeline_run_id": {"pipeline_run_id": i}}, name),
        st.just({}) | airflow_facets(),
    )
    run = st.builds(lambda r, f: {"runId": r, "facets": f}, st.sampled_from("rstu"), run_facets)
    dataset = st.builds(
        lambda n, f, i: {"namespace": "d", "name": n, "facets": f, "outputFacets": i},
        *(name, facets(), facets()),
    )
    return st.fixed_dictionaries(
        {"eventTime": st.sampled_from(TIMES), "run": run, "job": job},
        optional={
            "eventType": st.sampled_from(["START", "RUNNING", "COMPLETE", "FAIL", "ABORT", "X"]),
            "outputs": st.lists(dataset, max_size=2),
            "inputs": st.lists(dataset, max_size=2),
        },
    )


def airflow_facets() -> st.SearchStrategy[dict[str, Any]]:
    """Facets of tries of one task, mapped or not, and of DAG runs that say what became of it."""
    instance = st.fixed_dictionaries(
        {"try_number": st.integers(1, 2)}, optional={"map_index": st.integers(0, 1)}
    )
    task = st.builds(
        lambda i: {
            "airflow": {"dag": {"dag_id": "a"}, "task": {"task_id": "t"}, "taskInstance": i}
        },
        instance,
    )
    state = st.sampled_from(["success", "failed", "running", "skipped"])
    dag_run = st.builds(
        lambda s: (
            {"airflowState": {"tasksState": {"t": s}, "tasksDuration": {"t": 1}}}
            | {"airflowDagRun": {"dagRun": {"dag_id": "a", "run_id": "x"}}}
        ),
        state,
    )
    return task | dag_run


def facets() -> st.SearchStrategy[dict[str, Any]]:
    """Facets of few names and values, some deleted."""
    value = st.sampled_from([{"v": 1}, {"v": 2}, {"_deleted": True}])
    column = st.sampled_from(
        [{"fields": {"x": {"inputFields": [{"namespace": "d", "name": "a", "field": "y"}]}}}, {}]
    )
    return st.dictionaries(st.sampled_from("fg"), value, max_size=2) | st.builds(
        lambda c: {"columnLineage": c}, column
    )


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(small_events(), min_size=2, max_size=10), st.randoms(use_true_random=False))
def test_colliding_events_in_any_order(
    store: Store, store_url: str, events: list[dict[str, Any]], chance: random.Random
) -> None:
    restart(store, store_url)
    put(store, events, 3)
    first = dump(store_url)
    restart(store, store_url)
    again = [*events, *chance.sample(events, 1)]
    chance.shuffle(again)
    put(store, again, chance.choice([1, 2, 20]))
    assert dump(store_url) == first


def test_a_terminal_state_beats_any_other_and_the_later_one_holds(
    store: Store, store_url: str
) -> None:
    def run(name: str, *types: tuple[str | None, int]) -> list[dict[str, Any]]:
        return [
            {
                "eventTime": TIMES[time],
                "run": {"runId": name},
                "job": {"namespace": "n", "name": "j"},
            }
            | ({"eventType": kind} if kind else {})
            for kind, time in types
        ]

    put(
        store,
        run("late start", ("COMPLETE", 1), ("START", 2))
        + run("retried", ("START", 0), ("FAIL", 1), ("COMPLETE", 2))
        + run("marked failed", ("COMPLETE", 1), ("FAIL", 3), ("START", 0))
        + run("same instant", ("COMPLETE", 1), ("FAIL", 1))
        + run("runs", ("START", 1), ("RUNNING", 2), ("OTHER", 3))
        + run("starts twice", ("START", 2), ("START", 1))
        + run("other", ("OTHER", 1))
        + run("nothing", (None, 1)),
    )
    answer = rows(
        store_url,
        "SELECT run_id, state, extract(second FROM started_at)::int,"
        " extract(second FROM ended_at)::int FROM lineage.runs ORDER BY run_id",
    )
    assert answer == [
        ("late start", "COMPLETE", 2, 1),
        ("marked failed", "FAIL", 0, 3),
        ("nothing", "OTHER", None, None),
        ("other", "OTHER", None, None),
        ("retried", "COMPLETE", 0, 2),
        ("runs", "RUNNING", 1, None),
        ("same instant", "FAIL", None, 1),
        ("starts twice", "RUNNING", 1, None),
    ]
