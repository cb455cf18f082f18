"""lineage.upstream and downstream walk the graph of jobs and datasets, correct on circles too."""

import random
from collections import deque
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumer.store.store import Store
from tests.support.storing import put, restart, rows

Edge = tuple[str, str]


def job(name: str, reads: str = "", writes: str = "", second: int = 0) -> dict[str, Any]:
    """Return an event of a job that reads and writes datasets named by letters."""
    return {
        "eventTime": f"2026-01-01T00:00:{second:02}Z",
        "job": {"namespace": "jobs", "name": name},
        "inputs": [{"namespace": "data", "name": each} for each in reads],
        "outputs": [{"namespace": "data", "name": each} for each in writes],
    }


def walk(url: str, direction: str, kind: str, name: str, *more: Any) -> list[tuple[Any, ...]]:
    """Return (depth, kind, name) of the answer, in its order."""
    namespace = {"job": "jobs", "dataset": "data"}[kind]
    marks = ", ".join(["%s"] * (3 + len(more)))
    query = f"SELECT depth, kind, name FROM lineage.{direction}({marks}) ORDER BY 1, 2, 3"  # noqa: S608
    return rows(url, query, kind, namespace, name, *more)


def test_both_directions_depths_and_kinds(store: Store, store_url: str) -> None:
    put(store, [job("one", "ab", "c"), job("two", "c", "d"), job("three", "d", "e")])
    assert walk(store_url, "upstream", "dataset", "d") == [
        *((1, "job", "two"), (2, "dataset", "c"), (3, "job", "one")),
        *((4, "dataset", "a"), (4, "dataset", "b")),
    ]
    assert walk(store_url, "downstream", "dataset", "b", 3) == [
        *((1, "job", "one"), (2, "dataset", "c"), (3, "job", "two")),
    ]
    assert walk(store_url, "downstream", "job", "two") == [
        *((1, "dataset", "d"), (2, "job", "three"), (3, "dataset", "e")),
    ]
    assert walk(store_url, "upstream", "job", "two", 0) == []


def test_a_path_leads_over_the_nodes_before(store: Store, store_url: str) -> None:
    put(store, [job("two", "b", "c"), job("one", "a", "b")])
    query = "SELECT depth, via, kind, name, edge FROM lineage.path({})"
    answer = rows(store_url, query.format("'dataset', 'data', 'a', 'dataset', 'data', 'c'"))
    assert answer == [
        (0, None, "dataset", "a", None),
        (1, "dataset:data:a", "job", "one", "input"),
        (2, "job:jobs:one", "dataset", "b", "output"),
        (3, "dataset:data:b", "job", "two", "input"),
        (4, "job:jobs:two", "dataset", "c", "output"),
    ]
    assert rows(store_url, query.format("'a', 'c'")) == answer
    assert rows(store_url, query.format("'c', 'a'")) == []


def test_circles_end(store: Store, store_url: str) -> None:
    put(store, [job("in place", "a", "a"), job("there", "a", "b"), job("back", "b", "a")])
    assert walk(store_url, "upstream", "dataset", "a") == [
        *((1, "job", "back"), (1, "job", "in place"), (2, "dataset", "b"), (3, "job", "there")),
    ]


def test_edges_not_told_of_since(store: Store, store_url: str) -> None:
    put(store, [job("old", "a", "c", 1), job("new", "b", "c", 5)])
    since = "2026-01-01T00:00:03Z"
    assert walk(store_url, "upstream", "dataset", "c", 20, since) == [
        *((1, "job", "new"), (2, "dataset", "b")),
    ]
    put(store, [job("old", "a", "c", 6)])
    assert len(walk(store_url, "upstream", "dataset", "c", 20, since)) == 4


def test_another_kind_is_refused(store_url: str) -> None:
    expected = "kind: expected 'dataset' or 'job', got 'table'"
    with pytest.raises(psycopg.errors.InvalidParameterValue, match=expected):
        rows(store_url, "SELECT lineage.downstream('table', 'n', 'x')")


def by_hand(edges: set[Edge], start: str, max_depth: int) -> dict[str, int]:
    """Return the depth of every node that is reached."""
    depth, queue = {start: 0}, deque([start])
    while queue:
        node = queue.popleft()
        for source, target in edges:
            if source == node and target not in depth and depth[node] < max_depth:
                depth[target] = depth[node] + 1
                queue.append(target)
    del depth[start]
    return depth


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.tuples(st.sampled_from("UVWXYZ"), st.text("abcdef", max_size=3), st.text("abcdef")),
        min_size=1,
        max_size=8,
    ),
    st.integers(1, 9),
)
def test_any_graph_is_walked_breadth_first(
    store: Store, store_url: str, jobs: list[tuple[str, str, str]], max_depth: int
) -> None:
    restart(store, store_url)
    put(store, [job(*each) for each in jobs])
    down = {(f"d{r}", f"j{name}") for name, reads, _ in jobs for r in reads}
    down |= {(f"j{name}", f"d{w}") for name, _, writes in jobs for w in writes}
    up = {(target, source) for source, target in down}
    nodes = sorted({node for edge in down for node in edge})
    if not nodes:
        return
    start = random.Random(max_depth).choice(nodes)
    kind = {"d": "dataset", "j": "job"}[start[0]]
    for direction, edges in (("downstream", down), ("upstream", up)):
        found = walk(store_url, direction, kind, start[1:], max_depth)
        depths = {each[1][0] + each[2]: each[0] for each in found}
        assert len(depths) == len(found)
        assert depths == by_hand(edges, start, max_depth)


def columns(name: str, output: str, second: int = 0, **fields: str) -> dict[str, Any]:
    """Return an event whose job computes fields of `output`; `x="a.y b.z"` names their inputs."""
    described = {
        field: {
            "inputFields": [
                {"namespace": "data", "name": each[0], "field": each[2:]} for each in inputs.split()
            ]
        }
        for field, inputs in fields.items()
    }
    facet: dict[str, Any] = {"fields": {k: v for k, v in described.items() if k != "all"}}
    if "all" in described:
        facet["dataset"] = described["all"]["inputFields"]
    event = job(name, "", output, second)
    event["outputs"][0]["facets"] = {"columnLineage": facet}
    return event


def test_columns_up_and_down(store: Store, store_url: str) -> None:
    put(
        store,
        [
            columns("one", "b", x="a.p a.q", y="a.r"),
            columns("two", "c", z="b.x", w="b.y", all="b.k"),
            columns("round", "a", p="c.z"),
        ],
    )
    query = "SELECT depth, name, field FROM lineage.column_{}('data', %s, %s) ORDER BY 1, 2, 3"
    assert rows(store_url, query.format("upstream"), "c", "z") == [
        *((1, "b", "k"), (1, "b", "x"), (2, "a", "p"), (2, "a", "q")),
    ]
    assert rows(store_url, query.format("downstream"), "a", "r") == [(1, "b", "y"), (2, "c", "w")]
    assert rows(store_url, query.format("downstream"), "b", "k") == [
        *((1, "c", "w"), (1, "c", "z"), (2, "a", "p"), (3, "b", "x")),
    ]


def test_a_later_facet_replaces_what_a_job_said_of_columns(store: Store, store_url: str) -> None:
    put(store, [columns("one", "b", 1, x="a.p", y="a.q"), columns("other", "b", 1, x="a.o")])
    put(store, [columns("one", "b", 2, x="a.r"), columns("one", "b", 0, x="a.zero")])
    answer = rows(
        store_url, "SELECT field, input_field, job_name FROM lineage.column_lineage ORDER BY 3"
    )
    assert answer == [("x", "r", "one"), ("x", "o", "other")]
